import { KeptnEventType, type KeptnEvent } from '@keptn/event-models';
import { noteKeptnContext, ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { EventAppender } from './event-appender';
import { keyText } from '../../log/event-store';
import { type NewEvent } from '../../log/new-event';
import { ProjectDeletion } from '../../projects/project-deletion';
import { UnacceptableEvent } from '../event.errors';
import { PendingEvents } from '../../pending-events/pending-events';
import { toNewEvent } from './stored-event';

/** Types that tell of a change which is made elsewhere. */
const MAY_BE_PENDING: ReadonlySet<string> = new Set([
  KeptnEventType.projectCreate,
  KeptnEventType.projectDelete,
  KeptnEventType.serviceCreate,
  KeptnEventType.serviceDelete,
]);

/** What happened to an event that was accepted. */
export interface Accepted {
  readonly id: string;
  readonly shkeptncontext?: string;
  /** Absent for events that are carried out and not stored. */
  readonly sequence?: number;
  readonly isReplay: boolean;
}

/** Takes events in: stores them, and does what the events about projects say (contract 5.2). */
@Injectable()
export class EventIntakeService {
  constructor(
    private readonly appender: EventAppender,
    private readonly projects: ProjectDeletion,
    private readonly pending: PendingEvents,
  ) {}

  /**
   * Resolves once the event is durable.
   *
   * @throws UnacceptableEvent, EventTooLarge, ProjectIsDeleted, EventConflict
   */
  async accept(sent: KeptnEvent): Promise<Accepted> {
    const event = toNewEvent(sent, new Date());
    if (event.shkeptncontext !== undefined) noteKeptnContext(event.shkeptncontext);
    const accepted = await this.carryOut(event);
    if (MAY_BE_PENDING.has(event.type)) await this.pending.remove(event.id);
    return accepted;
  }

  private async carryOut(event: NewEvent): Promise<Accepted> {
    switch (event.type) {
      case KeptnEventType.projectDelete: {
        await this.appender.requireNoConflict(event);
        const isEnd = await this.projects.delete(projectOf(event), keyText(event));
        return isEnd ? this.appender.append(withoutProject(event)) : notStored(event);
      }
      case KeptnEventType.projectCreate:
        await this.appender.requireNoConflict(event);
        await this.endDeletionsBefore(event);
        await this.projects.create(projectOf(event));
        return this.appender.append(event);
      default:
        return this.appender.append(event);
    }
  }

  /** What was deleted before the project was created again must not wait until it would take the new events as well. */
  private async endDeletionsBefore(creation: NewEvent): Promise<void> {
    for (const { _id, project, source } of await this.pending.deletionsBefore(creation.id, projectOf(creation))) {
      await this.projects.delete(project, keyText({ id: _id, source }));
      await this.pending.remove(_id);
    }
  }

  /** Takes each event in as if it had come alone. */
  async acceptEach(events: readonly (KeptnEvent | ServiceError)[]): Promise<(Accepted | ServiceError)[]> {
    return Promise.all(
      events.map(async (event) => {
        if (event instanceof ServiceError) return event;
        try {
          return await this.accept(event);
        } catch (error) {
          if (error instanceof ServiceError) return error;
          throw error;
        }
      }),
    );
  }
}

/** What is deleted keeps no events, and who reads the log is to learn that it was: so this one belongs to no project. */
const withoutProject = ({ project: _deleted, ...event }: NewEvent): NewEvent => event;

/** Deleting what never was leaves no trace. */
const notStored = ({ id, shkeptncontext }: NewEvent): Accepted => ({
  id,
  ...(shkeptncontext !== undefined && { shkeptncontext }),
  isReplay: false,
});

const projectOf = ({ project, type }: { readonly project?: string; readonly type: string }): string => {
  if (project === undefined) throw new UnacceptableEvent(`data.project in body is required for events of type ${type}`);
  return project;
};
