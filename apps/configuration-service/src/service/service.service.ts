import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { type Change } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../domain/creation-date';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { type Page, type PageRequest } from '../domain/page';
import { type ExpandedService, type ServiceWithStages } from '../domain/read-models.dto';
import { type ServiceScope } from '../domain/service-scope';
import { NameMismatch, NoStages, ServiceNotFound, StageNotFound } from '../domain/structure.errors';
import { changesOf } from '../resource/resource-changes';
import { expandService, expandServices, withStages } from '../view/expanded';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { type CreateServiceInAllStages, type UpdateService } from './service.dto';

/** Services: a folder on the branches of their stages, and an entry in the view. */
@Injectable()
export class ServiceService {
  constructor(
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly view: ViewSynchronizer,
    private readonly reader: ViewReader,
    private readonly services: ServiceViewStore,
  ) {}

  /** @throws ProjectNotFound, StageNotFound */
  async listInStage(project: ProjectName, stage: StageName, page: PageRequest): Promise<Page<ExpandedService>> {
    await this.reader.projectWithStage(project, stage);
    const { items, total } = await this.services.page(project, page, stage);
    return { total, items: expandServices(stage, items) };
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async getInStage(scope: ServiceScope): Promise<ExpandedService> {
    const { service, entry } = await this.reader.serviceInStage(scope);
    return expandService(service, entry);
  }

  /** @throws ProjectNotFound */
  async list(project: ProjectName, page: PageRequest): Promise<Page<ServiceWithStages>> {
    const document = await this.reader.project(project);
    const { items, total } = await this.services.page(project, page);
    return { total, items: items.map((service) => withStages(document, service)) };
  }

  /** @throws ProjectNotFound, ServiceNotFound */
  async get(project: ProjectName, service: ServiceName): Promise<ServiceWithStages> {
    const found = await this.reader.service(project, service);
    return withStages(found.project, found.service);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceExists */
  async createInStage({ projectName, stageName, serviceName }: ServiceScope): Promise<void> {
    await this.queue.run(projectName, async () => {
      if (!this.git.stages(projectName).includes(stageName)) {
        throw new StageNotFound();
      }
      await this.add(projectName, [stageName], serviceName, []);
    });
  }

  /**
   * Makes a service in all stages of a project, with its first files: everywhere or nowhere.
   * @returns the stages
   * @throws ProjectNotFound, NoStages, ServiceExists
   */
  async createInAllStages(project: ProjectName, request: CreateServiceInAllStages): Promise<readonly StageName[]> {
    const { serviceName, resources } = request;
    const files = await changesOf(serviceName, resources ?? []);
    return this.queue.run(project, async () => {
      const stages = this.git.stages(project);
      if (stages.length === 0) {
        throw new NoStages(project);
      }
      await this.add(project, stages, serviceName, files);
      return stages;
    });
  }

  /** A service has nothing to change but its name, as a stage does. @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async update(scope: ServiceScope, { serviceName }: UpdateService): Promise<void> {
    await this.reader.serviceInStage(scope);
    if (serviceName && serviceName !== scope.serviceName) {
      throw new NameMismatch('service', serviceName, scope.serviceName);
    }
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async deleteInStage({ projectName, stageName, serviceName }: ServiceScope): Promise<void> {
    await this.queue.run(projectName, () => this.remove(projectName, [stageName], serviceName));
  }

  /**
   * @returns the stages that had the service
   * @throws ProjectNotFound, ServiceNotFound
   */
  async deleteInAllStages(project: ProjectName, service: ServiceName): Promise<readonly StageName[]> {
    return this.queue.run(project, async () => {
      const stages = await this.git.stagesOf(project, service);
      if (stages.length === 0) {
        throw new ServiceNotFound();
      }
      await this.remove(project, stages, service);
      return stages;
    });
  }

  private async add(
    project: ProjectName,
    stages: readonly StageName[],
    service: ServiceName,
    files: readonly Change[],
  ): Promise<void> {
    const creationDate = nanosecondsNow();
    await this.git.addService({ project, stages, service, creationDate, files });
    const entries = stages.map((stageName) => ({ stageName, creationDate }));
    await this.view.afterCreation(
      project,
      () => this.services.add(project, service, entries),
      () => this.git.removeService(project, stages, service),
    );
  }

  private async remove(project: ProjectName, stages: readonly StageName[], service: ServiceName): Promise<void> {
    await this.git.removeService(project, stages, service);
    await this.view.afterChange(() => this.services.remove(project, service, stages));
  }
}
