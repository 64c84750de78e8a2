import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject } from '@keptn/event-models/json';
import { type Server, type Session } from '../command-line/session';
import { Failure } from '../failures/failure';

const DONE = 'sh.keptn.events.evaluation-done';

/** What the server waits at most in one request, in milliseconds. */
const LONGEST_POLL_MS = 30_000;

/** From the beginning of one request to that of the next, for servers that fail at once or do not wait, in milliseconds. */
const SHORTEST_POLL_MS = 1_000;

interface Awaited<Result> {
  readonly keptnContext: string;
  readonly seconds: number;
  /** Reads what is to be known about the event with the result. */
  readonly read: (done: JsonObject) => Promise<Result>;
}

/**
 * The result of an evaluation, as soon as it is there. A server that cannot be reached for a while does not end the wait.
 *
 * @throws Failure when there is none in time
 */
export async function awaitEvaluation<Result>(
  { keptnContext, seconds, read }: Awaited<Result>,
  { eventLog }: Server,
  { options, output, signal }: Session,
): Promise<Result> {
  const deadline = Date.now() + seconds * 1000;
  // Half of the time that an answer may take is left for its way.
  const longestPoll = Math.min(LONGEST_POLL_MS, options.timeoutMs / 2);
  let failure: Failure | undefined;
  for (let now = Date.now(); now < deadline; now = Date.now()) {
    failure = undefined;
    try {
      const wait = `${Math.floor(Math.min(deadline - now, longestPoll))}ms`;
      const [event] = await eventLog.events({ keptnContext, type: DONE }, { pageSize: 1, pages: 1, wait });
      if (event !== undefined) return await read(event);
    } catch (error) {
      if (!(error instanceof Failure) || error.exit !== 'unreachable') throw error;
      output.warn(`${error.message}; asking again`);
      failure = error;
    }
    const pause = Math.min(now + SHORTEST_POLL_MS, deadline) - Date.now();
    // When it is aborted, so is the request that follows, which says it better.
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
  throw (
    failure ??
    new Failure('unreachable', `there was no result within ${seconds} seconds`, {
      hint: `See "keptn trace ${keptnContext}".`,
    })
  );
}
