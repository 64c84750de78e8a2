import { CURRENT_VERSION, type ResourceVersion } from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { quoted } from './entity-tag';
import { ResourceReader } from './resource-reader';
import { type BranchScope } from './resource-scope';
import { ResourceNotFound } from './resource.errors';
import { type FoundResource } from './resources';

/** Reads versions of a resource beside each other. */
@Injectable()
export class ResourceVersions {
  constructor(private readonly reader: ResourceReader) {}

  /**
   * @param versions commits, or {@link CURRENT_VERSION}
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound, CommitNotFound; ResourceNotFound when no version has the resource
   */
  async read(scope: BranchScope, uri: ResourceUri, versions: readonly string[]): Promise<ResourceVersion[]> {
    const found = await Promise.all(versions.map((version) => this.find(scope, uri, version)));
    if (found.every((resource) => resource === undefined)) throw new ResourceNotFound(scope.level);
    return Promise.all(versions.map((version, index) => answer(version, found[index])));
  }

  private async find(scope: BranchScope, uri: ResourceUri, version: string): Promise<FoundResource | undefined> {
    try {
      return await this.reader.read(scope, uri, version === CURRENT_VERSION ? undefined : version);
    } catch (error) {
      if (error instanceof ResourceNotFound) return undefined;
      throw error;
    }
  }
}

async function answer(version: string, resource: FoundResource | undefined): Promise<ResourceVersion> {
  if (resource === undefined) return { version };
  const content = await resource.load();
  return { version, resourceContent: content.toString('base64'), entityTag: quoted(resource.entityTag) };
}
