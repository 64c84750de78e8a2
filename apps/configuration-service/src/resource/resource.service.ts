import { type ResourceUri } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { type PageRequest } from '../domain/page';
import { type Precondition } from './precondition';
import { type ResourceContent } from './resource.dto';
import { type ReadResource, type ResourcePage, ResourceReader } from './resource-reader';
import { type ResourceScope } from './resource-scope';
import { deletionOf, writeOfList, writeOfOne } from './resource-write';
import { ResourceWriter } from './resource-writer';

interface ShownScope {
  readonly branch: string;
  readonly upstreamURL?: string;
}

/** The resources of one scope: a project, a stage, or a service in a stage. */
@Injectable()
export class ResourceService {
  constructor(
    private readonly reader: ResourceReader,
    private readonly writer: ResourceWriter,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /** See {@link ResourceReader.read}. */
  async read(
    scope: ResourceScope,
    uri: ResourceUri,
    commit?: string,
  ): Promise<ReadResource & ShownScope & { readonly uri: string }> {
    return { ...(await this.reader.read(scope, uri, commit)), uri, ...this.shown(scope) };
  }

  /** The tag of a list is the commit that it shows. See {@link ResourceReader.list}. */
  async list(
    scope: ResourceScope,
    page: PageRequest,
  ): Promise<ResourcePage & ShownScope & { readonly entityTag: string }> {
    const found = await this.reader.list(scope, page);
    return { ...found, ...this.shown(scope), entityTag: found.version };
  }

  private shown({ project, branch }: ResourceScope): ShownScope {
    return { branch, ...this.upstreams.address(project) };
  }

  /**
   * @param message of the commit
   * @returns the commit that the branch is at now
   */
  async writeList(
    scope: ResourceScope,
    resources: readonly ResourceContent[],
    message: string,
    precondition: Precondition,
  ): Promise<string> {
    return await this.writer.write(scope, await writeOfList(scope.service, resources, message, precondition));
  }

  /** @returns the commit that the branch is at now */
  async writeOne(scope: ResourceScope, resource: ResourceContent, precondition: Precondition): Promise<string> {
    return await this.writer.write(scope, await writeOfOne(scope.service, resource, precondition));
  }

  /** @throws ResourceNotFound */
  async delete(scope: ResourceScope, uri: ResourceUri, precondition: Precondition): Promise<void> {
    await this.writer.write(scope, deletionOf(scope.level, scope.service, uri, precondition));
  }
}

/** Commit messages of lists, as the original's (contract 4.3). */
export const ADDED = 'Added resources';
export const UPDATED = 'Updated resources';
