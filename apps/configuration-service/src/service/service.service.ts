import {
  type BodyOf,
  type configurationApi,
  type ExpandedService,
  type PageRequest,
  type ServiceWithStages,
} from '@keptn/api-models';
import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { type Change } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../domain/creation-date';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { type Page } from '../domain/page';
import { type ServiceScope } from '../domain/service-scope';
import { NameMismatch, NoStages, ServiceNotFound, StageNotFound } from '../domain/structure.errors';
import { assertNoMarker } from '../resource/metadata-protection';
import { changesOf } from '../resource/resource-changes';
import { expandService, expandServices, withStages } from '../view/expanded';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';

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
  async createInStage({ project, stage, service }: ServiceScope): Promise<void> {
    await this.queue.run(project, async () => {
      if (!this.git.stages(project).includes(stage)) {
        throw new StageNotFound();
      }
      await this.add(project, [stage], service, []);
    });
  }

  /**
   * Makes a service in all stages of a project, with its first files: everywhere or nowhere.
   * @returns the stages, in the order of the project
   * @throws ProjectNotFound, NoStages, ServiceExists, DuplicateResource, ChartRefused, MetadataProtected
   */
  async createInAllStages(
    project: ProjectName,
    { serviceName, resources = [] }: BodyOf<(typeof configurationApi)['createService']>,
  ): Promise<readonly StageName[]> {
    const files = await changesOf(serviceName, resources);
    assertNoMarker(serviceName, files);
    return this.queue.run(project, async () => {
      const stages = await this.inOrder(project, this.git.stages(project));
      if (stages.length === 0) {
        throw new NoStages(project);
      }
      await this.add(project, stages, serviceName, files);
      return stages;
    });
  }

  /** A service has nothing to change but its name, as a stage does. @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async update(scope: ServiceScope, name: ServiceName | undefined): Promise<void> {
    await this.reader.serviceInStage(scope);
    if (name !== undefined && name !== scope.service) {
      throw new NameMismatch('service', name, scope.service);
    }
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async deleteInStage({ project, stage, service }: ServiceScope): Promise<void> {
    await this.queue.run(project, () => this.remove(project, [stage], service));
  }

  /**
   * @returns the stages that had the service, in the order of the project
   * @throws ProjectNotFound, ServiceNotFound
   */
  async deleteInAllStages(project: ProjectName, service: ServiceName): Promise<readonly StageName[]> {
    return this.queue.run(project, async () => {
      const stages = await this.inOrder(project, await this.git.stagesOf(project, service));
      if (stages.length === 0) {
        throw new ServiceNotFound();
      }
      await this.remove(project, stages, service);
      return stages;
    });
  }

  /** The order of the project is the one of its shipyard; the view keeps it. */
  private async inOrder(project: ProjectName, stages: readonly StageName[]): Promise<readonly StageName[]> {
    const order = (await this.reader.find(project))?.stages ?? [];
    return [...order.filter((stage) => stages.includes(stage)), ...stages.filter((stage) => !order.includes(stage))];
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
