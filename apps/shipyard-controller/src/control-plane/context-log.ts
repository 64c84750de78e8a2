import { EventLog } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { type ContextEvent } from '../decision/context-event';

/** The events of Keptn contexts, in the order of the log. */
@Injectable()
export class ContextLog {
  constructor(private readonly log: EventLog) {}

  /** @returns empty for an event without a context */
  async eventsOf(keptnContext: string | undefined): Promise<readonly ContextEvent[]> {
    if (!keptnContext) return [];
    const events: ContextEvent[] = [];
    for await (const event of this.log.events({ keptnContext })) events.push(event);
    return events;
  }
}
