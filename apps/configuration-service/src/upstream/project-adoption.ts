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
import { type StoredAccess } from './upstream-access';

/** Creates projects that have an upstream from their first moment. Callers hold the queue of the project. */
@Injectable()
export class ProjectAdoption {
  constructor(
    private readonly store: GitStore,
    private readonly git: GitProjects,
    private readonly view: ViewSynchronizer,
    private readonly reconciliation: ViewReconciliation,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /**
   * Everything or nothing: an upstream that cannot be read and written leaves no project behind.
   * @throws ProjectExists, UpstreamNotUsable, ShipyardRefused
   */
  async create(content: NewProjectContent, access: StoredAccess): Promise<void> {
    const { project } = content;
    this.assertFree(project);
    try {
      await this.upstreams.trying(project, access, (remote) =>
        this.store.createRepository(project, this.keeping(planOf(content, remote), project, access)),
      );
      await this.upstreams.keepTrial(project);
    } catch (error) {
      await this.takeBack(project);
      throw error;
    }
    await this.view.afterCreation(
      project,
      () => this.reconciliation.compare(project),
      () => this.takeBack(project),
    );
    this.upstreams.start(project);
  }

  /** @throws what {@link create} would throw */
  async check(content: NewProjectContent, access: StoredAccess): Promise<void> {
    const { project } = content;
    this.assertFree(project);
    await this.upstreams.trying(project, access, (remote) =>
      this.store.checkRepository(project, planOf(content, remote)),
    );
    await this.upstreams.dropTrial(project);
  }

  /** Credentials without a project are swept at the next start; a project without its credentials would stay. */
  private keeping(plan: AdoptedRepository, project: ProjectName, access: StoredAccess): AdoptedRepository {
    const branches: AdoptedRepository['branches'] = async (found) => {
      const decided = await plan.branches(found);
      await this.upstreams.keep(project, access);
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
    await this.upstreams.drop(project);
    if (this.git.has(project)) {
      await this.git.delete(project);
    }
  }
}

function planOf(content: NewProjectContent, remote: UpstreamRemote): AdoptedRepository {
  return { remote, defaultBranch: PROJECT_BRANCH, branches: (found) => adoptedBranches(content, found) };
}
