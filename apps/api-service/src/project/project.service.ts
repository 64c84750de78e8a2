import { type api, type BodyOf, type configurationApi, type EventContext } from '@keptn/api-models';
import { type InputOf } from '@keptn/api-models/client';
import { decodeShipyard, event, KeptnEventType, type ProjectName } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { RecordedChanges, CHANGE_DUE_MS, CHANGE_WITH_UPSTREAM_DUE_MS } from '../control-plane/recorded-changes';
import { ExecutionPlane } from '../execution-plane/execution-plane';
import { ServiceService } from '../service/service.service';
import { ProgressLog } from '../websocket/progress-log';

type CreateProject = BodyOf<typeof api.createProject>;

@Injectable()
export class ProjectService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly changes: RecordedChanges,
    private readonly progress: ProgressLog,
    private readonly services: ServiceService,
    private readonly executionPlane: ExecutionPlane,
  ) {}

  /** Creates the project with its stages and records it in the event log: both, or neither. */
  async create(request: CreateProject): Promise<EventContext> {
    const { name, shipyard, gitRemoteURL } = request;
    const keptnContext = this.eventLog.newContext();
    const work = async (): Promise<EventContext> => {
      const { eventContext } = await this.changes.make({
        keptnContext,
        event: event(KeptnEventType.projectCreate, {
          project: name,
          shipyard,
          ...(gitRemoteURL !== undefined && { gitRemoteURL }),
        }),
        make: () => this.configuration.callWithUpstream('POST /v1/project', { body: toNewProject(request) }),
        dueInMs: gitRemoteURL === undefined ? CHANGE_DUE_MS : CHANGE_WITH_UPSTREAM_DUE_MS,
      });
      return eventContext;
    };
    return this.progress.report(keptnContext, {
      task: `create project ${name}`,
      work,
      steps: () => [
        `Project ${name} created`,
        ...decodeShipyard(shipyard).stages.map((stage) => `Stage ${stage.name} created`),
        'Project successfully created',
      ],
    });
  }

  /** Refuses what {@link create} would refuse, and changes nothing. */
  async check(request: CreateProject): Promise<void> {
    const query = { dryRun: 'true' } as const;
    await this.configuration.callWithUpstream('POST /v1/project', { query, body: toNewProject(request) });
  }

  /** Deletes the project and its events. Those of a project that does not exist go as well. */
  async delete(project: ProjectName): Promise<EventContext> {
    if (this.executionPlane.isAttached) await this.deleteServices(project);
    const keptnContext = this.eventLog.newContext();
    const work = async (): Promise<EventContext> => {
      const { result, eventContext } = await this.changes.make({
        keptnContext,
        event: event(KeptnEventType.projectDelete, { project }),
        make: () => this.deleteIfThere(project),
        dueInMs: CHANGE_DUE_MS,
      });
      if (result !== undefined) throw result;
      return eventContext;
    };
    return this.progress.report(keptnContext, {
      task: `delete project ${project}`,
      work,
      steps: () => ['Project successfully deleted'],
    });
  }

  /** helm-service finds out what to remove from the project, which must exist until it has. */
  private async deleteServices(project: ProjectName): Promise<void> {
    const services = await this.configuration.servicesOfProject(project);
    await Promise.all(services.map((service) => this.services.delete(project, service)));
  }

  /** @returns what a caller is told of a project that does not exist */
  private async deleteIfThere(project: ProjectName): Promise<RelayedError | undefined> {
    try {
      await this.configuration.call('DELETE /v1/project/{project}', { parameters: { project } });
      return undefined;
    } catch (error) {
      if (error instanceof RelayedError && error.status === 404) return error;
      throw error;
    }
  }
}

function toNewProject({
  name,
  gitRemoteURL,
  ...rest
}: CreateProject): InputOf<typeof configurationApi.createProject>['body'] {
  return { ...rest, projectName: name, gitRemoteURI: gitRemoteURL };
}
