import { type api, type BodyOf, type EventContext } from '@keptn/api-models';
import { event, KeptnEventType, type ProjectName, type ServiceName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { type Recorded, RecordedChanges, CHANGE_DUE_MS } from '../control-plane/recorded-changes';
import { ExecutionPlane } from '../execution-plane/execution-plane';
import { ProgressLog, type Task } from '../websocket/progress-log';

@Injectable()
export class ServiceService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly changes: RecordedChanges,
    private readonly progress: ProgressLog,
    private readonly executionPlane: ExecutionPlane,
  ) {}

  /** Creates the service on every stage, with its chart, and records it in the event log: all, or nothing. */
  async create(project: ProjectName, service: BodyOf<typeof api.createService>): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const { serviceName, helmChart = '', deploymentStrategies = {} } = service;
    const chart = { resourceURI: `helm/${serviceName}.tgz`, resourceContent: helmChart };
    const body = { serviceName, resources: helmChart === '' ? [] : [chart] };
    const task: Task<Recorded<{ readonly stages: readonly string[] }>> = {
      task: `create service ${serviceName} in project ${project}`,
      work: () =>
        this.changes.make({
          keptnContext,
          event: event(KeptnEventType.serviceCreate, {
            project,
            service: serviceName,
            helmChart,
            deploymentStrategies,
          }),
          make: () => this.configuration.call('POST /v1/project/{project}/service', { parameters: { project }, body }),
          dueInMs: CHANGE_DUE_MS,
        }),
      steps: ({ result: { stages } }) =>
        stages.map((stage) => `Creating new Keptn service ${serviceName} in stage ${stage}`),
    };
    // helm-service onboards charts, and only those.
    const { eventContext } = await (helmChart === ''
      ? this.progress.report(keptnContext, task)
      : this.executionPlane.begin(keptnContext, task).then(({ result }) => result));
    return eventContext;
  }

  /**
   * Deletes the service from every stage. Git keeps its history, the log its events. Where an execution plane is attached, it has
   * removed the releases when this resolves, or used up its time.
   */
  async delete(project: ProjectName, service: ServiceName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const parameters = { project, service };
    const { result, ended } = await this.executionPlane.begin(keptnContext, {
      task: `delete service ${service} in project ${project}`,
      work: () =>
        this.changes.make({
          keptnContext,
          event: event(KeptnEventType.serviceDelete, { project, service }),
          make: () => this.configuration.call('DELETE /v1/project/{project}/service/{service}', { parameters }),
          dueInMs: CHANGE_DUE_MS,
        }),
      steps: ({ result: { stages } }) => stages.map((stage) => `Deleting Keptn service ${service} from stage ${stage}`),
    });
    await ended;
    return result.eventContext;
  }
}
