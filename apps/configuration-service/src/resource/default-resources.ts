import { type DefaultVersions, type PageRequest } from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { GitStore } from '@keptn/git-store';
import { BadRequest } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { pageOf } from '../domain/page';
import { ServiceNotFound } from '../domain/structure.errors';
import { requestCommit } from '../git/commit-trailers';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { locate, type LocatedResource } from './located-resource';
import { ResourceReader } from './resource-reader';
import { type BranchScope, branchScope, pathIn, type ServiceInAllStages } from './resource-scope';
import { decide, type ResourceWrite } from './resource-write';
import { ResourceNotFound } from './resource.errors';
import { type FoundResource, type ListedResources, type ReadsResources, type WritesResources } from './resources';

/**
 * The default resources of a service: those that it has with the same content in every stage. Writing one writes it to all
 * stages as one step.
 */
@Injectable()
export class DefaultResources implements ReadsResources<ServiceInAllStages>, WritesResources<ServiceInAllStages> {
  constructor(
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly reader: ResourceReader,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  async assertExists(scope: ServiceInAllStages): Promise<void> {
    await Promise.all(this.branchScopes(scope).map((each) => this.reader.open(each)));
  }

  /** @throws ProjectNotFound, ServiceNotFound, ResourceNotFound also when the stages differ */
  async read(scope: ServiceInAllStages, uri: ResourceUri): Promise<FoundResource> {
    const found = await Promise.all(this.branchScopes(scope).map((each) => this.readIn(each, uri)));
    const [first] = found;
    if (first === undefined || found.every(({ located }) => located === undefined)) {
      throw new ResourceNotFound('Service');
    }
    const other = found.find(({ located }) => located?.entityTag !== first.located?.entityTag);
    if (first.located === undefined || other !== undefined) {
      const reason = `stages ${first.branch} and ${other?.branch ?? ''} differ in it, read it from a stage`;
      throw new ResourceNotFound('Service', reason);
    }
    const { branch, version, located } = first;
    return { ...located, uri, branch, version, ...this.upstreams.address(scope.project) };
  }

  /** Paths that have the same content in every stage. @throws ProjectNotFound, ServiceNotFound */
  async list(scope: ServiceInAllStages, page: PageRequest): Promise<ListedResources> {
    const listings = await Promise.all(this.branchScopes(scope).map((each) => this.listIn(each, scope)));
    const [first] = listings;
    if (first === undefined) {
      throw new ServiceNotFound();
    }
    const { branch, version } = first;
    const shared = [...first.blobs]
      .filter(([path, blob]) => listings.every(({ blobs }) => blobs.get(path) === blob))
      .map(([path]) => path);
    const entityTag = listings.map((listing) => listing.version).join('.');
    return { ...pageOf(shared, page), branch, version, entityTag, ...this.upstreams.address(scope.project) };
  }

  /** @throws ProjectNotFound, ServiceNotFound when a stage lacks it, and what the write's check throws */
  async write(scope: ServiceInAllStages, write: ResourceWrite): Promise<DefaultVersions> {
    if (write.expectsCommit) {
      throw new BadRequest('If-Match in header cannot be used here: the stages are at different commits');
    }
    return await this.queue.run(scope.project, async () => {
      const branches = this.branchScopes(scope).map(({ branch }) => branch);
      const results = await this.store.repository(scope.project).commitBranches(
        branches.map((branch) => ({
          branch,
          message: write.message,
          ...requestCommit(),
          changes: decide(branch, scope.service, write),
        })),
      );
      const stages = results.map(({ commit }, index) => ({ stageName: branches[index] ?? '', version: commit }));
      return { version: stages[0]?.version ?? '', stages };
    });
  }

  /** @throws ServiceNotFound when there are no stages, and so no services */
  private branchScopes({ project, service }: ServiceInAllStages): BranchScope[] {
    const stages = this.git.stages(project);
    if (stages.length === 0) {
      throw new ServiceNotFound();
    }
    return stages.map((stage) => branchScope({ project, stage, service }));
  }

  private async readIn(
    scope: BranchScope,
    uri: ResourceUri,
  ): Promise<{ branch: string; version: string; located: LocatedResource | undefined }> {
    const snapshot = await this.reader.open(scope);
    return {
      branch: scope.branch,
      version: snapshot.commit.id,
      located: await locate(snapshot, scope.service, uri),
    };
  }

  private async listIn(
    scope: BranchScope,
    { service }: ServiceInAllStages,
  ): Promise<{ branch: string; version: string; blobs: ReadonlyMap<string, string> }> {
    const snapshot = await this.reader.open(scope);
    const files = await snapshot.list(service);
    const skipped = pathIn(service, '').length;
    const blobs = new Map(files.map(({ path, blob }) => [path.slice(skipped), blob]));
    return { branch: scope.branch, version: snapshot.commit.id, blobs };
  }
}
