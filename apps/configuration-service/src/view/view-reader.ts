import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { type ServiceScope } from '../domain/service-scope';
import { ProjectNotFound, ServiceNotFound, StageNotFound } from '../domain/structure.errors';
import { mapKey } from './map-key';
import { ProjectViewStore } from './project-view.store';
import { ServiceViewStore } from './service-view.store';
import { type ProjectDocument, type ServiceDocument, type StageEntry } from './view.schema';

/** Finds things in the view, or says which of them is missing. */
@Injectable()
export class ViewReader {
  constructor(
    private readonly projects: ProjectViewStore,
    private readonly services: ServiceViewStore,
  ) {}

  async find(project: ProjectName): Promise<ProjectDocument | undefined> {
    return await this.projects.find(project);
  }

  /** @throws ProjectNotFound */
  async project(project: ProjectName): Promise<ProjectDocument> {
    const found = await this.find(project);
    if (found === undefined) {
      throw new ProjectNotFound();
    }
    return found;
  }

  /** @throws ProjectNotFound, StageNotFound */
  async projectWithStage(project: ProjectName, stage: StageName): Promise<ProjectDocument> {
    const found = await this.project(project);
    if (!found.stages.includes(stage)) {
      throw new StageNotFound();
    }
    return found;
  }

  /** @throws ProjectNotFound, ServiceNotFound */
  async service(
    project: ProjectName,
    service: ServiceName,
  ): Promise<{ project: ProjectDocument; service: ServiceDocument }> {
    const found = await this.project(project);
    const document = await this.services.find(project, service);
    if (document === undefined) {
      throw new ServiceNotFound();
    }
    return { project: found, service: document };
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async serviceInStage(scope: ServiceScope): Promise<{ service: ServiceDocument; entry: StageEntry }> {
    await this.projectWithStage(scope.project, scope.stage);
    const service = await this.services.find(scope.project, scope.service);
    const entry = service?.stages[mapKey(scope.stage)];
    if (service === undefined || entry === undefined) {
      throw new ServiceNotFound();
    }
    return { service, entry };
  }
}
