import { type api, type BodyOf, type EventContext } from '@keptn/api-models';
import { decodeShipyard, KeptnEventType, type ProjectName } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient, type NewProject } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { RecordedChanges, SETTLED_MS, SETTLED_WITH_UPSTREAM_MS } from '../control-plane/recorded-changes';
import { Storyteller } from '../websocket/storyteller';

type CreateProject = BodyOf<typeof api.createProject>;

@Injectable()
export class ProjectService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly changes: RecordedChanges,
    private readonly storyteller: Storyteller,
  ) {}

  /** Creates the project with its stages and records it in the event log: both, or neither. */
  async create(request: CreateProject): Promise<EventContext> {
    const { name, shipyard, gitRemoteURL } = request;
    const keptnContext = this.eventLog.newContext();
    const work = async (): Promise<EventContext> => {
      const { eventContext } = await this.changes.make({
        keptnContext,
        type: KeptnEventType.projectCreate,
        data: { project: name, shipyard, ...(gitRemoteURL !== undefined && { gitRemoteURL }) },
        make: () => this.configuration.createProject(toNewProject(request)),
        settledInMs: gitRemoteURL === undefined ? SETTLED_MS : SETTLED_WITH_UPSTREAM_MS,
      });
      return eventContext;
    };
    return this.storyteller.tell(keptnContext, {
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
    await this.configuration.checkProject(toNewProject(request));
  }

  /** Deletes the project and its events. Those of a project that does not exist go as well. */
  async delete(project: ProjectName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const work = async (): Promise<EventContext> => {
      const { result, eventContext } = await this.changes.make({
        keptnContext,
        type: KeptnEventType.projectDelete,
        data: { project },
        make: () => this.deleteIfThere(project),
        settledInMs: SETTLED_MS,
      });
      if (result !== undefined) throw result;
      return eventContext;
    };
    return this.storyteller.tell(keptnContext, {
      task: `delete project ${project}`,
      work,
      steps: () => ['Project successfully deleted'],
    });
  }

  /** @returns what a caller is told of a project that does not exist */
  private async deleteIfThere(project: ProjectName): Promise<RelayedError | undefined> {
    try {
      await this.configuration.deleteProject(project);
      return undefined;
    } catch (error) {
      if (error instanceof RelayedError && error.status === 404) return error;
      throw error;
    }
  }
}

function toNewProject({ name, gitRemoteURL, ...rest }: CreateProject): NewProject {
  return { ...rest, projectName: name, gitRemoteURI: gitRemoteURL };
}
