import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN_HEADER } from '@keptn/auth';
import { type Logger } from 'pino';
import { Pool } from 'undici';
import { type EventRecord } from '../log/event.schema';

/** Milliseconds that a subscriber may take for one event. */
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

export interface SubscriberOptions {
  readonly url: string;
  readonly token: string;
  readonly logger: Logger;
}

/** One receiver of events over HTTP. */
export class Subscriber {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(private readonly options: SubscriberOptions) {
    const url = new URL(options.url);
    this.path = url.pathname + url.search;
    // One connection: events are sent one after the other, so that they arrive in order.
    this.pool = new Pool(url.origin, { connections: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  }

  /**
   * Sends the event until it is accepted or refused for good, for ever if need be.
   *
   * @param signal ends the attempts; the one that is on its way still gets a moment
   * @returns whether the event is done with
   */
  async deliver(event: EventRecord, signal: AbortSignal): Promise<boolean> {
    const { logger, url } = this.options;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const failure = await this.attempt(event, signal);
      if (failure === undefined) return true;
      const retryInMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 16));
      // The first failure of an event is news, and then one every half minute.
      const level = attempt === 1 || retryInMs === LONGEST_RETRY_MS ? 'warn' : 'debug';
      logger[level](
        { subscriber: url, sequence: event._id, attempt, retryInMs, reason: failure },
        'event not delivered',
      );
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  /** @returns why the event must be sent again, undefined when it is done with */
  private async attempt(event: EventRecord, signal: AbortSignal): Promise<string | undefined> {
    const { logger, token, url } = this.options;
    const cutOff = new AbortController();
    const cutOffSoon = (): void => {
      setTimeout(() => {
        cutOff.abort();
      }, LAST_ATTEMPT_MS).unref();
    };
    signal.addEventListener('abort', cutOffSoon, { once: true });
    try {
      const { statusCode, body } = await this.pool.request({
        method: 'POST',
        path: this.path,
        headers: {
          'content-type': 'application/cloudevents+json',
          accept: 'application/json',
          [TOKEN_HEADER]: token,
          'x-request-id': `event-${event._id}`,
        },
        body: event.event,
        signal: cutOff.signal,
      });
      await body.dump();
      if (statusCode >= 200 && statusCode < 300) return undefined;
      if (statusCode < 400 || statusCode >= 500 || PASSING_REFUSALS.has(statusCode)) return `answered ${statusCode}`;
      logger.debug({ subscriber: url, sequence: event._id, status: statusCode }, 'event refused by its subscriber');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      signal.removeEventListener('abort', cutOffSoon);
    }
  }
}
