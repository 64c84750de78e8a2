import { type ResourceUri } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { type PageRequest } from '../paging/page';
import { type Precondition } from './precondition';
import { type ResourceContent } from './resource.dto';
import { type ReadResource, type ResourcePage, ResourceReader } from './resource-reader';
import { type ResourcePlace } from './resource-place';
import { deletionOf, writeOfList, writeOfOne } from './resource-write';
import { ResourceWriter } from './resource-writer';

interface ShownPlace {
  readonly branch: string;
  readonly upstreamURL?: string;
}

/** The resources of one place: a project, a stage, or a service in a stage. */
@Injectable()
export class ResourceService {
  constructor(
    private readonly reader: ResourceReader,
    private readonly writer: ResourceWriter,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /** See {@link ResourceReader.read}. */
  async read(
    place: ResourcePlace,
    uri: ResourceUri,
    commit?: string,
  ): Promise<ReadResource & ShownPlace & { readonly uri: string }> {
    return { ...(await this.reader.read(place, uri, commit)), uri, ...this.shown(place) };
  }

  /** The tag of a list is the commit that it shows. See {@link ResourceReader.list}. */
  async list(
    place: ResourcePlace,
    page: PageRequest,
  ): Promise<ResourcePage & ShownPlace & { readonly entityTag: string }> {
    const found = await this.reader.list(place, page);
    return { ...found, ...this.shown(place), entityTag: found.version };
  }

  private shown({ project, branch }: ResourcePlace): ShownPlace {
    return { branch, ...this.upstreams.address(project) };
  }

  /**
   * @param message of the commit
   * @returns the commit that the branch is at now
   */
  async writeList(
    place: ResourcePlace,
    resources: readonly ResourceContent[],
    message: string,
    precondition: Precondition,
  ): Promise<string> {
    return await this.writer.write(place, await writeOfList(place.service, resources, message, precondition));
  }

  /** @returns the commit that the branch is at now */
  async writeOne(place: ResourcePlace, resource: ResourceContent, precondition: Precondition): Promise<string> {
    return await this.writer.write(place, await writeOfOne(place.service, resource, precondition));
  }

  /** @throws ResourceNotFound */
  async delete(place: ResourcePlace, uri: ResourceUri, precondition: Precondition): Promise<void> {
    await this.writer.write(place, deletionOf(place.level, place.service, uri, precondition));
  }
}

/** Commit messages of lists, as the original's (contract 4.3). */
export const ADDED = 'Added resources';
export const UPDATED = 'Updated resources';
