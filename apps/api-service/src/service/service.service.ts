import { type EventContext } from '@keptn/api-models';
import { KeptnEventType, type ProjectName, type ServiceName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { RecordedChanges, SETTLED_MS } from '../control-plane/recorded-changes';
import { Storyteller } from '../websocket/storyteller';
import { type CreateService } from './service.dto';

@Injectable()
export class ServiceService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly changes: RecordedChanges,
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
    const { eventContext } = await this.storyteller.tell(keptnContext, {
      task: `create service ${serviceName} in project ${project}`,
      work: () =>
        this.changes.make({
          keptnContext,
          type: KeptnEventType.serviceCreate,
          data: {
            project,
            service: serviceName,
            helmChart: helmChart ?? '',
            deploymentStrategies: deploymentStrategies ?? {},
          },
          make: () => this.configuration.createService(project, { serviceName, resources }),
          settledInMs: SETTLED_MS,
        }),
      steps: ({ result: stages }) =>
        stages.map((stage) => `Creating new Keptn service ${serviceName} in stage ${stage}`),
    });
    return eventContext;
  }

  /** Deletes the service from every stage. Git keeps its history, the log its events. */
  async delete(project: ProjectName, service: ServiceName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const { eventContext } = await this.storyteller.tell(keptnContext, {
      task: `delete service ${service} in project ${project}`,
      work: () =>
        this.changes.make({
          keptnContext,
          type: KeptnEventType.serviceDelete,
          data: { project, service },
          make: () => this.configuration.deleteService(project, service),
          settledInMs: SETTLED_MS,
        }),
      steps: ({ result: stages }) => stages.map((stage) => `Deleting Keptn service ${service} from stage ${stage}`),
    });
    return eventContext;
  }
}
