import { get as getOverHttp } from 'node:http';
import { get as getOverHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** Pause between two looks at whether a service is ready, in milliseconds. */
const POLL_MS = 50;

/** How long one answer may take, in milliseconds. */
const ANSWER_TIMEOUT_MS = 2_000;

/** A service that is not ready after this time, on the slowest of machines, will not be; in milliseconds. */
export const READY_TIMEOUT_MS = 60_000;

export interface ServiceProgress {
  /** Whether it listens: before, there is nobody to ask. */
  readonly hasStarted: () => boolean;
  readonly hasEnded: () => boolean;
}

/**
 * Asks until the answer is 200.
 *
 * @param url of `/ready` or `/health`
 */
export async function untilReady(
  url: string,
  { hasStarted, hasEnded }: ServiceProgress,
): Promise<'ready' | 'late' | 'ended'> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded()) {
      return 'ended';
    }
    if (hasStarted() && (await answersOk(url))) {
      return 'ready';
    }
    await delay(POLL_MS);
  }
  return 'late';
}

const answersOk = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const get = url.startsWith('https:') ? getOverHttps : getOverHttp;
    // The process was started right here: whom its certificate is for, and who has signed it, is for its clients to ask.
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) };
    get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => {
      resolve(false);
    });
  });
