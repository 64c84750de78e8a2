import { type EventContext } from '@keptn/api-models';
import { type ProjectName, type ServiceName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { undoOnFailure } from '../control-plane/undo-on-failure';
import { Storyteller } from '../websocket/storyteller';
import { type CreateService } from './service.dto';

@Injectable()
export class ServiceService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly storyteller: Storyteller,
  ) {}

  /** Creates the service on every stage, with its chart, and records it in the event log: all, or nothing. */
  async create(project: ProjectName, service: CreateService): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const { serviceName, helmChart, deploymentStrategies } = service;
    const resources =
      helmChart === undefined || helmChart === ''
        ? []
        : [{ resourceURI: `helm/${serviceName}.tgz`, resourceContent: helmChart }];
    const record = () =>
      this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.service.create', {
        project,
        service: serviceName,
        helmChart: helmChart ?? '',
        deploymentStrategies: deploymentStrategies ?? {},
      });
    const { eventContext } = await this.storyteller.tell(keptnContext, {
      task: `create service ${serviceName} in project ${project}`,
      work: async () => {
        const stages = await this.configuration.createService(project, { serviceName, resources });
        const undo = () => this.configuration.deleteService(project, serviceName);
        return { stages, eventContext: await undoOnFailure(record, undo) };
      },
      steps: ({ stages }) => stages.map((stage) => `Creating new Keptn service ${serviceName} in stage ${stage}`),
    });
    return eventContext;
  }

  /** Deletes the service from every stage. Git keeps its history, the log its events. */
  async delete(project: ProjectName, service: ServiceName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const { eventContext } = await this.storyteller.tell(keptnContext, {
      task: `delete service ${service} in project ${project}`,
      work: async () => {
        const stages = await this.configuration.deleteService(project, service);
        const data = { project, service };
        return {
          stages,
          eventContext: await this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.service.delete', data),
        };
      },
      steps: ({ stages }) => stages.map((stage) => `Deleting Keptn service ${service} from stage ${stage}`),
    });
    return eventContext;
  }
}
