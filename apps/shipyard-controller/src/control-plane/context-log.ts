import { LOGGER } from '@keptn/service-kit';
import { EventLog, EventRefused, type NumberedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';

/** The events of Keptn contexts, in the order of the log. */
@Injectable()
export class ContextLog {
  constructor(
    private readonly log: EventLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @returns empty for an event without a context
   * @throws EventRefused when they are too many or too large to be looked at together
   */
  async eventsOf(keptnContext: string | undefined): Promise<readonly NumberedEvent[]> {
    return keptnContext ? this.log.context(keptnContext) : [];
  }

  /** As {@link eventsOf}, for a context that the event in hand does not belong to: it must not keep that from being decided. */
  async eventsOrTooMany(keptnContext: string | undefined): Promise<readonly NumberedEvent[] | 'too many'> {
    try {
      return await this.eventsOf(keptnContext);
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      this.logger.warn({ keptnContext, reason: error.message }, 'a context is left out');
      return 'too many';
    }
  }
}
