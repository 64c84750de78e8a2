import { type Logger } from 'pino';
import { type EventLog } from './event-log';
import { type FollowUp, followUpEvent } from './follow-up';

/** Stores what follows from events, under the name of this service. */
export class FollowUps {
  /** @param sender source of the events, e.g. `lighthouse-service` */
  constructor(
    readonly sender: string,
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {}

  /**
   * Resolves once each is durable in the log. One that is stored already stays as it is.
   *
   * @param followUps stored in this order
   * @throws ServiceError when the log cannot be asked; to send all of them again is right
   */
  async send(followUps: readonly FollowUp[]): Promise<void> {
    for (const followUp of followUps) {
      const event = followUpEvent(this.sender, followUp);
      const outcome = await this.log.store(event);
      this.logger[outcome === 'invalid' ? 'error' : 'info'](
        { type: event.type, id: event.id, cause: followUp.cause.id, keptnContext: event.shkeptncontext, outcome },
        'follow-up of an event',
      );
    }
  }
}
