import { type EventContext, type ProjectName } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { undoOnFailure } from '../control-plane/undo-on-failure';
import { type CreateProject } from './project.dto';

@Injectable()
export class ProjectService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
  ) {}

  /** Creates the project with its stages and records it in the event log: both, or neither. */
  async create({ name, shipyard, gitUser, gitToken, gitRemoteURL }: CreateProject): Promise<EventContext> {
    await this.configuration.createProject({
      projectName: name,
      shipyard,
      gitUser,
      gitToken,
      gitRemoteURI: gitRemoteURL,
    });
    return undoOnFailure(
      () =>
        this.eventLog.tell('sh.keptn.internal.event.project.create', {
          project: name,
          shipyard,
          ...(gitRemoteURL !== undefined && { gitRemoteURL }),
        }),
      () => this.configuration.deleteProject(name),
    );
  }

  /**
   * Deletes the project, then its events. When it stops between the two, deleting again finishes: the events go although
   * the answer is that the project does not exist.
   */
  async delete(project: ProjectName): Promise<EventContext> {
    try {
      await this.configuration.deleteProject(project);
    } catch (error) {
      if (error instanceof RelayedError && error.status === 404) {
        await this.eventLog.tell('sh.keptn.internal.event.project.delete', { project });
      }
      throw error;
    }
    return this.eventLog.tell('sh.keptn.internal.event.project.delete', { project });
  }
}
