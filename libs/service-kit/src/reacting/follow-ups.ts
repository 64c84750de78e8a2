import { type Logger } from 'pino';
import { type EventLog, type StoreOutcome } from './event-log';
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
   * @returns what became of each
   * @throws ServiceError when the log cannot be asked; to send all of them again is right
   */
  async send(followUps: readonly FollowUp[]): Promise<readonly StoreOutcome[]> {
    const events = followUps.map((followUp) => followUpEvent(this.sender, followUp));
    const outcomes = await this.log.storeEach(events);
    for (const [index, { type, id, shkeptncontext: keptnContext }] of events.entries()) {
      const outcome = outcomes[index];
      this.logger[outcome === 'invalid' ? 'error' : 'info'](
        { type, id, cause: followUps[index]?.cause.id, keptnContext, outcome },
        'follow-up of an event',
      );
    }
    return outcomes;
  }
}
