import { type api, type BodyOf, type EventContext } from '@keptn/api-models';
import { decodeShipyard, type ProjectName } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient, type NewProject } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { undoOnFailure } from '../control-plane/undo-on-failure';
import { Storyteller } from '../websocket/storyteller';

type CreateProject = BodyOf<typeof api.createProject>;

@Injectable()
export class ProjectService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly storyteller: Storyteller,
  ) {}

  /** Creates the project with its stages and records it in the event log: both, or neither. */
  async create(request: CreateProject): Promise<EventContext> {
    const { name, shipyard, gitRemoteURL } = request;
    const keptnContext = this.eventLog.newContext();
    const work = async (): Promise<EventContext> => {
      await this.configuration.createProject(toNewProject(request));
      return undoOnFailure(
        () =>
          this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.project.create', {
            project: name,
            shipyard,
            ...(gitRemoteURL !== undefined && { gitRemoteURL }),
          }),
        () => this.configuration.deleteProject(name),
      );
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

  /**
   * Deletes the project, then its events. When it stops between the two, deleting again finishes: the events go although
   * the answer is that the project does not exist.
   */
  async delete(project: ProjectName): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    const deleteEvents = () => this.eventLog.tell(keptnContext, 'sh.keptn.internal.event.project.delete', { project });
    const work = async (): Promise<EventContext> => {
      try {
        await this.configuration.deleteProject(project);
      } catch (error) {
        if (error instanceof RelayedError && error.status === 404) {
          await deleteEvents();
        }
        throw error;
      }
      return deleteEvents();
    };
    return this.storyteller.tell(keptnContext, {
      task: `delete project ${project}`,
      work,
      steps: () => ['Project successfully deleted'],
    });
  }
}

function toNewProject({ name, gitRemoteURL, ...rest }: CreateProject): NewProject {
  return { ...rest, projectName: name, gitRemoteURI: gitRemoteURL };
}
