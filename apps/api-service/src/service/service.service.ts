import { type EventContext, type ProjectName, type ServiceName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { undoOnFailure } from '../control-plane/undo-on-failure';
import { type CreateService } from './service.dto';

@Injectable()
export class ServiceService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
  ) {}

  /** Creates the service on every stage, with its chart, and records it in the event log: all, or nothing. */
  async create(project: ProjectName, service: CreateService): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const { serviceName, helmChart, deploymentStrategies } = service;
    const resources =
      helmChart === undefined || helmChart === ''
        ? []
        : [{ resourceURI: `helm/${serviceName}.tgz`, resourceContent: helmChart }];
    await this.configuration.createService(project, { serviceName, resources });
    return undoOnFailure(
      () =>
        this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.service.create', {
          project,
          service: serviceName,
          helmChart: helmChart ?? '',
          deploymentStrategies: deploymentStrategies ?? {},
        }),
      () => this.configuration.deleteService(project, serviceName),
    );
  }

  /** Deletes the service from every stage. Git keeps its history, the log its events. */
  async delete(project: ProjectName, service: ServiceName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    await this.configuration.deleteService(project, service);
    return this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.service.delete', { project, service });
  }
}
