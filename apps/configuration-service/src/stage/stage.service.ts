import { type ExpandedStage, type PageRequest } from '@keptn/api-models';
import { type ProjectName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { type JsonText } from '../view/json-text';
import { type Page, pageOf } from '../domain/page';
import { NameMismatch } from '../domain/structure.errors';
import { expandStage } from '../view/expanded';
import { ProjectViewStore } from '../view/project-view.store';
import { ServiceAnswers } from '../view/service-answers';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';

/** Stages: a branch of the project's repository each, and an entry in the view. */
@Injectable()
export class StageService {
  constructor(
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly view: ViewSynchronizer,
    private readonly reader: ViewReader,
    private readonly projects: ProjectViewStore,
    private readonly services: ServiceViewStore,
    private readonly answers: ServiceAnswers,
  ) {}

  /** @throws ProjectNotFound */
  async list(project: ProjectName, page: PageRequest): Promise<Page<JsonText<ExpandedStage>>> {
    const { stages } = await this.reader.project(project);
    const services = await this.answers.ofProject(project);
    const { items, total } = pageOf(stages, page);
    return { total, items: items.map((stage) => expandStage(stage, services)) };
  }

  /** @throws ProjectNotFound, StageNotFound */
  async get(project: ProjectName, stage: StageName): Promise<JsonText<ExpandedStage>> {
    await this.reader.projectWithStage(project, stage);
    return expandStage(stage, await this.answers.ofProject(project));
  }

  /**
   * The branch starts with what is on the project's branch at this time.
   * @throws ProjectNotFound, StageExists
   */
  async create(project: ProjectName, stage: StageName): Promise<void> {
    await this.queue.run(project, async () => {
      await this.git.createStage(project, stage);
      await this.view.afterCreation(
        project,
        () => this.projects.addStage(project, stage),
        () => this.git.deleteStage(project, stage),
      );
    });
  }

  /**
   * A stage consists of its name and what is in it, so there is nothing to change; clients that repeat the name succeed.
   * @throws ProjectNotFound, StageNotFound, NameMismatch
   */
  async update(project: ProjectName, stage: StageName, name: StageName | undefined): Promise<void> {
    await this.reader.projectWithStage(project, stage);
    if (name !== undefined && name !== stage) {
      throw new NameMismatch('stage', name, stage);
    }
  }

  /** @throws ProjectNotFound, StageNotFound */
  async delete(project: ProjectName, stage: StageName): Promise<void> {
    await this.queue.run(project, async () => {
      await this.git.deleteStage(project, stage);
      await this.view.afterChange(async () => {
        await this.projects.removeStage(project, stage);
        await this.services.removeStage(project, stage);
      });
    });
  }
}
