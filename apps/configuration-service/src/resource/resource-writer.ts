import { type Version } from '@keptn/api-models';
import { GitStore } from '@keptn/git-store';
import { noteChange } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { requestCommit } from '../git/commit-trailers';
import { ProjectQueue } from '../git/project-queue';
import { ProjectViewStore } from '../view/project-view.store';
import { ViewReconciliation } from '../view/view-reconciliation';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { type BranchScope } from './resource-scope';
import { assertServiceExists, decide, type ResourceWrite } from './resource-write';
import { type WritesResources } from './resources';
import { type ShipyardChange, shipyardChangeIn } from './shipyard-change';

/** Writes resources of one branch: one commit for each request, none when nothing changes. */
@Injectable()
export class ResourceWriter implements WritesResources<BranchScope> {
  constructor(
    private readonly store: GitStore,
    private readonly queue: ProjectQueue,
    private readonly view: ViewSynchronizer,
    private readonly reconciliation: ViewReconciliation,
    private readonly projects: ProjectViewStore,
  ) {}

  async assertExists({ project, branch, service }: BranchScope): Promise<void> {
    await assertServiceExists(await this.store.repository(project).at({ branch }), service);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, ResourceChanged and what the write's check throws */
  async write(scope: BranchScope, write: ResourceWrite): Promise<Version> {
    const shipyard = scope.level === 'Project' ? shipyardChangeIn(write.changes) : undefined;
    return shipyard === undefined ? await this.commit(scope, write) : await this.writeShipyard(scope, write, shipyard);
  }

  private async writeShipyard(scope: BranchScope, write: ResourceWrite, shipyard: ShipyardChange): Promise<Version> {
    this.reconciliation.assertCurrent();
    return await this.queue.run(scope.project, async () => {
      const version = await this.commit(scope, write);
      await this.view.afterChange(() => this.projects.setShipyard(scope.project, shipyard.content));
      return version;
    });
  }

  private async commit({ project, branch, service }: BranchScope, write: ResourceWrite): Promise<Version> {
    const { commit } = await this.store.repository(project).commit(branch, {
      message: write.message,
      ...requestCommit(),
      changes: decide(branch, service, write),
    });
    noteChange({ version: commit });
    return { version: commit };
  }
}
