import { type EventContext } from '@keptn/api-models';
import { type KeptnContext, type TypedEvent } from '@keptn/event-models';
import { LOGGER, RelayedError } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { EventLogClient, newEvent, type NewEvent } from './event-log.client';

/** After this time it is certain whether a change was made, in milliseconds: longer than configuration-service is waited for. */
export const CHANGE_DUE_MS = 30_000;

/** The same for a change that includes a push to an upstream repository. */
export const CHANGE_WITH_UPSTREAM_DUE_MS = 100_000;

/** A change that configuration-service makes, and the event that tells of it. */
export interface RecordedChange<Result> {
  readonly keptnContext: KeptnContext;
  readonly event: TypedEvent;
  /** Resolves when the change is made. */
  readonly make: () => Promise<Result>;
  /** After this time the change was made or never will be, in milliseconds. */
  readonly dueInMs: number;
}

/** What was made, and where its event is found. */
export interface Recorded<Result> {
  readonly result: Result;
  readonly eventContext: EventContext;
}

/**
 * Makes changes in configuration-service and records them in the event log, both or neither: the event is announced to the log
 * before the change is made. Where this process dies on the way, or does not learn what became of the change, the
 * announcement stays and {@link InterruptedChanges} finds out.
 */
@Injectable()
export class RecordedChanges {
  constructor(
    private readonly eventLog: EventLogClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @throws what `make` throws, and then nothing was made unless nobody knows; ServiceUnavailable and others when the event
   * cannot be announced, and then nothing was made
   */
  async make<Result>(change: RecordedChange<Result>): Promise<Recorded<Result>> {
    const event = newEvent(change.keptnContext, change.event);
    await this.eventLog.announce(event, change.dueInMs);
    try {
      const result = await change.make();
      return { result, eventContext: await this.record(event) };
    } catch (error) {
      if (error instanceof RelayedError) await this.withdraw(event.id);
      throw error;
    }
  }

  /** The announcement is as durable as the log: when the log is away now, the event gets there later. */
  private async record(event: NewEvent): Promise<EventContext> {
    try {
      return await this.eventLog.store(event);
    } catch (error) {
      if (error instanceof RelayedError) throw error;
      this.logger.warn({ err: error, type: event.type }, 'the event of a change is stored later');
      return this.eventLog.contextFor(event.shkeptncontext);
    }
  }

  private async withdraw(id: string): Promise<void> {
    await this.eventLog.withdraw(id).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'a pending event is withdrawn when it is due');
    });
  }
}
