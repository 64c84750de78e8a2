import { type ProjectName, type ResourceUri, type ServiceName } from '@keptn/event-models';
import { GitStore } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { requestTrailers } from '../git/commit-trailers';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { pageOf, type PageRequest } from '../domain/page';
import { ServiceNotFound } from '../domain/structure.errors';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { locate, type LocatedResource } from './located-resource';
import { type ResourcePage, type ReadResource, ResourceReader } from './resource-reader';
import { ResourceNotFound } from './resource.errors';
import { ofService, pathIn, type ResourceScope } from './resource-scope';
import { decide, type ResourceWrite } from './resource-write';

/**
 * The default resources of a service: those that it has with the same content in every stage. Writing one writes it to all
 * stages as one step.
 */
@Injectable()
export class DefaultResources {
  constructor(
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly reader: ResourceReader,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /** @throws ProjectNotFound, ServiceNotFound, ResourceNotFound also when the stages differ */
  async read(
    project: ProjectName,
    service: ServiceName,
    uri: ResourceUri,
  ): Promise<ReadResource & { branch: string; upstreamURL?: string }> {
    const scopes = this.scopes(project, service);
    const found = await Promise.all(scopes.map((scope) => this.readIn(scope, uri)));
    const [first] = found;
    if (first === undefined || found.every(({ located }) => located === undefined)) {
      throw new ResourceNotFound('Service');
    }
    const other = found.find(({ located }) => located?.entityTag !== first.located?.entityTag);
    if (first.located === undefined || other !== undefined) {
      const reason = `stages ${first.branch} and ${other?.branch ?? ''} differ in it, read it from a stage`;
      throw new ResourceNotFound('Service', reason);
    }
    const { branch, version } = first;
    return { ...first.located, branch, version, ...this.upstreams.address(project) };
  }

  /** Paths that have the same content in every stage. @throws ProjectNotFound, ServiceNotFound */
  async list(
    project: ProjectName,
    service: ServiceName,
    page: PageRequest,
  ): Promise<ResourcePage & { branch: string; entityTag: string; upstreamURL?: string }> {
    const [first, ...others] = this.scopes(project, service);
    if (first === undefined) {
      throw new ServiceNotFound();
    }
    const listings = await Promise.all([first, ...others].map((scope) => this.listIn(scope, service)));
    const shared = [...(listings[0]?.blobs ?? [])]
      .filter(([path, blob]) => listings.every(({ blobs }) => blobs.get(path) === blob))
      .map(([path]) => path);
    const versions = listings.map(({ version }) => version);
    const [version = ''] = versions;
    const shown = { branch: first.branch, version, ...this.upstreams.address(project) };
    return { ...pageOf(shared, page), ...shown, entityTag: versions.join('.') };
  }

  /**
   * @returns the commits that the branches of the stages are at now
   * @throws ProjectNotFound, ServiceNotFound when a stage lacks it, and what the write's check throws
   */
  async write(
    project: ProjectName,
    service: ServiceName,
    write: ResourceWrite,
  ): Promise<readonly { readonly branch: string; readonly version: string }[]> {
    return await this.queue.run(project, async () => {
      const branches = this.scopes(project, service).map(({ branch }) => branch);
      const results = await this.store.repository(project).commitBranches(
        branches.map((branch) => ({
          branch,
          message: write.message,
          trailers: requestTrailers(),
          changes: decide(branch, service, write),
        })),
      );
      return results.map(({ commit }, index) => ({ branch: branches[index] ?? '', version: commit }));
    });
  }

  /** @throws ServiceNotFound when there are no stages, and so no services */
  private scopes(project: ProjectName, service: ServiceName): ResourceScope[] {
    const stages = this.git.stages(project);
    if (stages.length === 0) {
      throw new ServiceNotFound();
    }
    return stages.map((stage) => ofService(project, stage, service));
  }

  private async readIn(
    scope: ResourceScope,
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
    scope: ResourceScope,
    service: ServiceName,
  ): Promise<{ version: string; blobs: ReadonlyMap<string, string> }> {
    const snapshot = await this.reader.open(scope);
    const { files } = await snapshot.list({ folder: service, limit: Infinity });
    const skipped = pathIn(service, '').length;
    return { version: snapshot.commit.id, blobs: new Map(files.map(({ path, blob }) => [path.slice(skipped), blob])) };
  }
}
