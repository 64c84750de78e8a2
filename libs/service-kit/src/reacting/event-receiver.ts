import { type EventHeaders, fromRequest, InvalidEvent, type KeptnEvent } from '@keptn/event-models';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ServiceUnavailable } from '../errors/service-error';
import { noteKeptnContext } from '../logging/request-context';
import { LOGGER } from '../service-kit.module';
import { EventRefused } from './event-refused';
import { FollowUps } from './follow-ups';
import { type LoggedEvent, requireLogged } from './logged-event';
import { ReactionMetrics } from './reaction-metrics';
import { type GroupReactions, type Reaction, REACTIONS } from './reactions';

/** An event may lack `source` or `data` and still be in the log; what a reaction needs of it, the reaction checks. */
const READ_OPTIONS = { optional: ['data', 'source'] } as const;

/** Has the service react to events as they come in. */
@Injectable()
export class EventReceiver {
  constructor(
    private readonly followUps: FollowUps,
    private readonly metrics: ReactionMetrics,
    @Inject(REACTIONS) private readonly reactions: GroupReactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Resolves once everything that follows from the events is durable.
   *
   * @param body as it was parsed
   * @throws EventRefused when a single event cannot be understood; of a batch such events are skipped
   * @throws ServiceError of 5xx when the events are to be sent again
   */
  async receive(headers: EventHeaders, body: unknown): Promise<void> {
    const posted = readPosted(headers, body);
    if (posted.kind === 'one') {
      if (posted.event.shkeptncontext !== undefined) noteKeptnContext(posted.event.shkeptncontext);
      await this.reactToGroup([posted.event], rethrow);
      return;
    }
    const events = posted.events.filter((event): event is KeptnEvent => !(event instanceof InvalidEvent));
    const skip = (error: EventRefused, { type, id }: KeptnEvent): void => {
      this.logger.warn({ type, id, reason: error.message }, 'event of a batch skipped');
    };
    await allDone([...byContext(events).values()].map((ofContext) => this.reactToGroup(ofContext, skip)));
  }

  private async reactToGroup(
    events: readonly KeptnEvent[],
    onRefusal: (error: EventRefused, event: KeptnEvent) => void,
  ): Promise<void> {
    const group = this.reactions.begin();
    for (const event of events) {
      try {
        await this.react(logged(event), group.react);
      } catch (error) {
        if (!(error instanceof EventRefused)) throw error;
        onRefusal(error, event);
      }
    }
    await group.end().catch((error: unknown) => {
      throw toSendAgain(error);
    });
  }

  private async react(event: LoggedEvent, reaction: Reaction): Promise<void> {
    if (!this.reactions.types.has(event.type)) return;
    const done = this.metrics.start(event.type);
    try {
      await this.followUps.send(await reaction(event));
      done('done');
    } catch (error) {
      done(error instanceof EventRefused ? 'refused' : 'failed');
      throw toSendAgain(error);
    }
  }
}

function rethrow(error: EventRefused): never {
  throw error;
}

function readPosted(headers: EventHeaders, body: unknown): ReturnType<typeof fromRequest> {
  return orRefused(() => fromRequest(headers, body, READ_OPTIONS));
}

const logged = (event: KeptnEvent): LoggedEvent => orRefused(() => requireLogged(event));

function orRefused<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidEvent ? new EventRefused(error.message, { cause: error }) : error;
  }
}

function byContext(events: readonly KeptnEvent[]): ReadonlyMap<string | undefined, readonly KeptnEvent[]> {
  const groups = new Map<string | undefined, KeptnEvent[]>();
  for (const event of events) {
    const group = groups.get(event.shkeptncontext) ?? [];
    group.push(event);
    groups.set(event.shkeptncontext, group);
  }
  return groups;
}

/** Waits for all, also when one fails: its events come again, and must not meet themselves under way. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Only a refusal may be answered 4xx, which means that the event is never sent again. */
function toSendAgain(error: unknown): unknown {
  const isRefusalOfAnotherService =
    !(error instanceof EventRefused) &&
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500;
  return isRefusalOfAnotherService ? new ServiceUnavailable(error.message, { cause: error }) : error;
}
