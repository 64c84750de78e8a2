import { EventLog } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { type ContextEvent } from '../decision/context-event';

/** The events of Keptn contexts, in the order of the log. */
@Injectable()
export class ContextLog {
  constructor(private readonly log: EventLog) {}

  /**
   * @returns empty for an event without a context
   * @throws EventRefused when they are too large to be looked at together
   */
  async eventsOf(keptnContext: string | undefined): Promise<readonly ContextEvent[]> {
    return keptnContext ? this.log.context(keptnContext) : [];
  }
}
