import { type UpstreamFields } from '@keptn/api-models';
import { type ProjectName } from '@keptn/event-models';
import { type AdoptedRepository, GitStore, type UpstreamRemote } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { GitProjects } from '../git/git-projects';
import { PROJECT_BRANCH } from '../git/layout';
import { ProjectExists } from '../domain/structure.errors';
import { ViewReconciliation } from '../view/view-reconciliation';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { adoptedBranches, type NewProjectContent } from './adopted-branches';
import { ProjectUpstreams } from './project-upstreams';
import { type StoredAccess, accessForCreation } from './upstream-access';
import { UpstreamCredentials } from './upstream-credentials';

/** Creates projects that have an upstream from their first moment. Callers hold the queue of the project. */
@Injectable()
export class ProjectAdoption {
  constructor(
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly view: ViewSynchronizer,
    private readonly reconciliation: ViewReconciliation,
    private readonly credentials: UpstreamCredentials,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /**
   * The upstream that a new project is to have: the one of the request, or the one that is mounted under its name.
   * @throws UpstreamIsMounted when there are both
   */
  accessFor(project: ProjectName, fields: UpstreamFields): StoredAccess | undefined {
    const requested = accessForCreation(fields);
    if (requested !== undefined) {
      this.credentials.assertNotMounted(project);
    }
    return requested ?? this.credentials.mountedAccess(project);
  }

  /**
   * Everything or nothing: an upstream that cannot be read or does not take the commits leaves no project behind.
   * @throws ProjectExists, UpstreamNotUsable, ShipyardRefused
   */
  async create(content: NewProjectContent, access: StoredAccess): Promise<void> {
    const { project } = content;
    this.assertFree(project);
    try {
      await this.credentials.trying(project, access, (remote) =>
        this.store.createRepository(project, this.keeping(planOf(content, remote), project, access)),
      );
      await this.credentials.keepTrial(project);
    } catch (error) {
      await this.takeBack(project);
      throw error;
    }
    await this.view.afterCreation(
      project,
      () => this.reconciliation.compare(project),
      () => this.takeBack(project),
    );
    await this.publish(project);
    this.upstreams.start(project);
  }

  /** @throws what {@link create} would throw */
  async check(content: NewProjectContent, access: StoredAccess): Promise<void> {
    const { project } = content;
    this.assertFree(project);
    await this.credentials.trying(project, access, (remote) =>
      this.store.checkRepository(project, planOf(content, remote)),
    );
    await this.credentials.dropTrial(project);
  }

  /** Last, since nothing else that can fail comes after it: what an upstream has cannot always be taken back. */
  private async publish(project: ProjectName): Promise<void> {
    try {
      await this.upstreams.publish(project);
    } catch (error) {
      await this.takeBack(project);
      await this.view.afterChange(() => this.reconciliation.compare(project));
      throw error;
    }
  }

  /** Credentials without a project are swept at the next start; a project without its credentials would stay. */
  private keeping(plan: AdoptedRepository, project: ProjectName, access: StoredAccess): AdoptedRepository {
    const branches: AdoptedRepository['branches'] = async (found) => {
      const decided = await plan.branches(found);
      await this.credentials.save(project, access);
      return decided;
    };
    return { ...plan, branches };
  }

  private assertFree(project: ProjectName): void {
    if (this.git.has(project)) {
      throw new ProjectExists();
    }
  }

  private async takeBack(project: ProjectName): Promise<void> {
    if (this.git.has(project)) {
      await this.git.delete(project);
    }
    await this.upstreams.drop(project);
  }
}

function planOf(content: NewProjectContent, remote: UpstreamRemote): AdoptedRepository {
  return { remote, defaultBranch: PROJECT_BRANCH, branches: (found) => adoptedBranches(content, found) };
}
