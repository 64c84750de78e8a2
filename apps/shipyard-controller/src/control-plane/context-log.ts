import { EventLog, type NumberedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';

/** The events of Keptn contexts, in the order of the log. */
@Injectable()
export class ContextLog {
  constructor(private readonly log: EventLog) {}

  /**
   * @returns empty for an event without a context
   * @throws EventRefused when they are too many or too large to be looked at together
   */
  async eventsOf(keptnContext: string | undefined): Promise<readonly NumberedEvent[]> {
    return keptnContext ? this.log.context(keptnContext) : [];
  }
}
