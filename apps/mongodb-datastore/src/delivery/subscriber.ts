import { setTimeout as delay } from 'node:timers/promises';
import { ChannelTickets, TOKEN_HEADER } from '@keptn/auth';
import { type Logger } from 'pino';
import { Pool } from 'undici';
import { type EventRecord } from '../log/event.schema';
import { withTicket } from './with-ticket';

/** Milliseconds that a subscriber may take for one request. */
const TIMEOUT_MS = 30_000;

/** Milliseconds that a request on its way gets when the service stops; cutting it off would deliver its event twice. */
const LAST_ATTEMPT_MS = 3_000;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 30_000;

/**
 * 4xx answers that speak of the request's circumstances and not of the event: a token that is being changed, a limit, a time
 * out. The event is sent again; any other 4xx means that the subscriber will never want it.
 */
const PASSING_REFUSALS: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

const UNSUPPORTED_MEDIA_TYPE = 415;

/** A batch with more text than this, in characters, is sent as several. Subscribers limit the size of a request. */
const BATCH_TEXT_LIMIT = 1024 * 1024;

export interface SubscriberOptions {
  readonly url: string;
  readonly token: string;
  readonly logger: Logger;
}

/** One receiver of events over HTTP. */
export class Subscriber {
  private readonly pool: Pool;
  private readonly path: string;
  private readonly tickets: ChannelTickets;
  /** False once the subscriber has said that it does not know batches. */
  private takesBatches = true;

  constructor(private readonly options: SubscriberOptions) {
    const url = new URL(options.url);
    this.path = url.pathname + url.search;
    this.tickets = new ChannelTickets(options.token);
    // One connection and one request at a time, so that events arrive in order.
    this.pool = new Pool(url.origin, { connections: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  }

  /**
   * Sends events until they are accepted or refused for good, for ever if need be: several as a batch. A batch that the
   * subscriber refuses is sent again event by event, so that only what it refuses is passed over.
   *
   * @param signal ends the attempts; the one that is on its way still gets a moment
   * @returns how many, from the first on, are done with
   */
  async deliver(events: readonly EventRecord[], signal: AbortSignal): Promise<number> {
    let done = 0;
    while (done < events.length) {
      const batch = this.takesBatches ? batchFrom(events, done) : events.slice(done, done + 1);
      const outcome = await this.send(batch, signal);
      if (outcome === 'stopped') return done;
      if (outcome === 'refused' && batch.length > 1) {
        const ofBatch = await this.deliverEach(batch, signal);
        if (ofBatch < batch.length) return done + ofBatch;
      }
      done += batch.length;
    }
    return done;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async deliverEach(events: readonly EventRecord[], signal: AbortSignal): Promise<number> {
    for (const [index, event] of events.entries()) {
      if ((await this.send([event], signal)) === 'stopped') return index;
    }
    return events.length;
  }

  private async send(events: readonly EventRecord[], signal: AbortSignal): Promise<'accepted' | 'refused' | 'stopped'> {
    const { logger, url } = this.options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const outcome = await this.attempt(events, signal);
      if (outcome === 'accepted' || outcome === 'refused') return outcome;
      const retryInMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 16));
      // The first failure of an event is news, and then one every half minute.
      const level = attempt === 1 || retryInMs === LONGEST_RETRY_MS ? 'warn' : 'debug';
      logger[level](
        { subscriber: url, sequence: events[0]?._id, attempt, retryInMs, reason: outcome.failure },
        'event not delivered',
      );
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
    }
    return 'stopped';
  }

  /** @returns why the events must be sent again unless they are done with */
  private async attempt(
    events: readonly EventRecord[],
    signal: AbortSignal,
  ): Promise<'accepted' | 'refused' | { readonly failure: string }> {
    const cutOff = new AbortController();
    const cutOffSoon = (): void => {
      setTimeout(() => {
        cutOff.abort();
      }, LAST_ATTEMPT_MS).unref();
    };
    signal.addEventListener('abort', cutOffSoon, { once: true });
    try {
      const status = await this.post(events, cutOff.signal);
      if (status >= 200 && status < 300) return 'accepted';
      if (status < 400 || status >= 500 || PASSING_REFUSALS.has(status)) return { failure: `answered ${status}` };
      if (status === UNSUPPORTED_MEDIA_TYPE && events.length > 1) this.takesBatches = false;
      const { logger, url } = this.options;
      logger.debug(
        { subscriber: url, sequence: events[0]?._id, count: events.length, status },
        'events refused by their subscriber',
      );
      return 'refused';
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    } finally {
      signal.removeEventListener('abort', cutOffSoon);
    }
  }

  private async post(events: readonly EventRecord[], signal: AbortSignal): Promise<number> {
    const texts = events.map((event) => withTicket(event, this.tickets));
    const isBatch = texts.length > 1;
    const { statusCode, body } = await this.pool.request({
      method: 'POST',
      path: this.path,
      headers: {
        'content-type': isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json',
        accept: 'application/json',
        [TOKEN_HEADER]: this.options.token,
        'x-request-id': `event-${events[0]?._id ?? 0}`,
      },
      body: isBatch ? `[${texts.join()}]` : (texts[0] ?? ''),
      signal,
    });
    await body.dump();
    return statusCode;
  }
}

/** The events from `start` on that go into one request. */
const batchFrom = (events: readonly EventRecord[], start: number): readonly EventRecord[] => {
  let end = start;
  for (let length = 0; end < events.length; end++) {
    length += events[end]?.event.length ?? 0;
    if (end > start && length > BATCH_TEXT_LIMIT) break;
  }
  return events.slice(start, end);
};
