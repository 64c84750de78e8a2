import { type PageRequest } from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { CommitNotFound, GitStore, type Snapshot } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { pageOf } from '../domain/page';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { locate } from './located-resource';
import { ResourceListings } from './resource-listings';
import { type BranchScope } from './resource-scope';
import { assertServiceExists } from './resource-write';
import { ResourceNotFound } from './resource.errors';
import { type FoundResource, type ListedResources, type ReadsResources } from './resources';

/** Reads resources of one branch. Nothing is checked out, and no read waits for a write. */
@Injectable()
export class ResourceReader implements ReadsResources<BranchScope> {
  private readonly listings = new ResourceListings();

  constructor(
    private readonly store: GitStore,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, ResourceNotFound, CommitNotFound */
  async read(scope: BranchScope, uri: ResourceUri, commit?: string): Promise<FoundResource> {
    const snapshot = await this.open(scope, commit);
    const found = await locate(snapshot, scope.service, uri);
    if (found === undefined) {
      throw new ResourceNotFound(scope.level);
    }
    return { ...found, uri, ...this.metadata(scope, snapshot) };
  }

  /**
   * The tag of a list is the commit that it shows.
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async list(scope: BranchScope, page: PageRequest): Promise<ListedResources> {
    const snapshot = await this.open(scope);
    const paths = await this.listings.of(snapshot, scope.service ?? '');
    return { ...pageOf(paths, page), entityTag: snapshot.commit.id, ...this.metadata(scope, snapshot) };
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, CommitNotFound */
  async open({ project, branch, service }: BranchScope, commit?: string): Promise<Snapshot> {
    const repository = this.store.repository(project);
    const current = await repository.at({ branch });
    await assertServiceExists(current, service);
    if (commit === undefined || commit === current.commit.id) {
      return current;
    }
    const older = await repository.at({ commit });
    // A commit of another stage must not be read through this one.
    if (!(await repository.wasAt(branch, older.commit.id))) {
      throw new CommitNotFound(commit);
    }
    return older;
  }

  private metadata({ project, branch }: BranchScope, { commit }: Snapshot) {
    return { branch, version: commit.id, ...this.upstreams.address(project) };
  }
}
