import { KeptnEventType, parseJson } from '@keptn/event-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ProjectRegistry } from '../../projects/project-registry';
import { ProjectIsDeleted } from '../../projects/project.errors';
import { UnacceptableEvent } from '../event.errors';
import { EventIntakeService } from '../intake/event-intake.service';
import { readEvent } from '../intake/posted-events';
import { toNewEvent } from '../intake/stored-event';
import { type PendingEvent } from '../../pending-events/pending-event.schema';
import { PendingEvents } from '../../pending-events/pending-events';

/** What is told of an event that is due. */
export type DueEvent = Pick<PendingEvent, 'type' | 'shkeptncontext' | 'project' | 'service'> & { readonly id: string };

/** Events that begin or end a project are taken whatever became of it. */
const ABOUT_PROJECTS: ReadonlySet<string> = new Set([KeptnEventType.projectCreate, KeptnEventType.projectDelete]);

@Injectable()
export class PendingEventService {
  constructor(
    private readonly pending: PendingEvents,
    private readonly intake: EventIntakeService,
    private readonly projects: ProjectRegistry,
  ) {}

  /**
   * @param dueInMs when the change that the event tells of is made or never will be
   * @throws UnacceptableEvent, EventTooLarge; ProjectIsDeleted when the log would refuse the event
   */
  async announce(sent: unknown, dueInMs: number): Promise<void> {
    const read = readEvent(sent);
    if (read instanceof ServiceError) throw read;
    const since = new Date();
    const { id, source, type, project, service, shkeptncontext, event } = toNewEvent(read, since);
    if (project === undefined || shkeptncontext === undefined) {
      throw new UnacceptableEvent('data.project and shkeptncontext in event are required');
    }
    await this.requireProject(project, type);
    const due = new Date(since.getTime() + dueInMs);
    const named = service === undefined ? {} : { service };
    await this.pending.add({ _id: id, source, type, project, ...named, shkeptncontext, event, since, due });
  }

  async due(): Promise<DueEvent[]> {
    const events = await this.pending.due(new Date());
    return events.map(({ _id: id, type, shkeptncontext, project, service }) => ({
      id,
      type,
      shkeptncontext,
      project,
      ...(service !== undefined && { service }),
    }));
  }

  /** Takes the event in as if it had come now; does nothing when it is not pending. @throws ProjectIsDeleted */
  async publish(id: string): Promise<void> {
    const pending = await this.pending.find(id);
    if (pending === null) return;
    const event = readEvent(parseJson(pending.event));
    if (event instanceof ServiceError) throw event;
    await this.intake.accept(event);
  }

  async withdraw(id: string): Promise<void> {
    await this.pending.remove(id);
  }

  private async requireProject(project: string, type: string): Promise<void> {
    if (ABOUT_PROJECTS.has(type)) return;
    if ((await this.projects.statesOf([project])).isDeleted(project)) throw new ProjectIsDeleted(project);
  }
}
