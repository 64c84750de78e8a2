import { type ResourceUri } from '@keptn/event-models';
import { CommitNotFound, GitStore, type Snapshot } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest } from '../domain/page';
import { locate, type LocatedResource } from './located-resource';
import { ResourceListings } from './resource-listings';
import { ResourceNotFound } from './resource.errors';
import { type ResourceScope } from './resource-scope';
import { assertServiceExists } from './resource-write';

export interface ReadResource extends LocatedResource {
  /** The commit that it is read at. */
  readonly version: string;
}

export interface ResourcePage extends Page<string> {
  /** The commit that is listed. */
  readonly version: string;
}

/** Reads resources. Nothing is checked out, and no read waits for a write. */
@Injectable()
export class ResourceReader {
  private readonly listings = new ResourceListings();

  constructor(private readonly store: GitStore) {}

  /**
   * @param commit an older commit of the branch; the latest by default
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound, ResourceNotFound, CommitNotFound
   */
  async read(scope: ResourceScope, uri: ResourceUri, commit?: string): Promise<ReadResource> {
    const snapshot = await this.open(scope, commit);
    const found = await locate(snapshot, scope.service, uri);
    if (found === undefined) {
      throw new ResourceNotFound(scope.level);
    }
    return { ...found, version: snapshot.commit.id };
  }

  /**
   * Paths of resources, in the order of a walk through the folders.
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async list(scope: ResourceScope, { offset, limit }: PageRequest): Promise<ResourcePage> {
    const snapshot = await this.open(scope);
    const paths = await this.listings.of(snapshot, scope.service ?? '');
    return { items: paths.slice(offset, offset + limit), total: paths.length, version: snapshot.commit.id };
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, CommitNotFound */
  async open({ project, branch, service }: ResourceScope, commit?: string): Promise<Snapshot> {
    const repository = this.store.repository(project);
    const current = await repository.at({ branch });
    await assertServiceExists(current, service);
    if (commit === undefined || commit === current.commit.id) {
      return current;
    }
    const older = await repository.at({ commit });
    // Commits of other stages are none of this one's business.
    if (!(await repository.wasAt(branch, older.commit.id))) {
      throw new CommitNotFound(commit);
    }
    return older;
  }
}
