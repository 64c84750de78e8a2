import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** Pause between two looks at whether a service is ready, in milliseconds. */
const POLL_MS = 50;

/** A service that is not ready after this time, on the slowest of machines, will not be; in milliseconds. */
export const READY_TIMEOUT_MS = 60_000;

/** The process was started right here: whom its certificate is for, and who has signed it, is for its clients to ask. */
const toOwnProcess = new Agent({ connect: { rejectUnauthorized: false } });

/**
 * Asks until the answer is 200.
 *
 * @param url of `/ready` or `/health`
 * @param hasEnded looked at between two questions
 */
export async function untilReady(url: string, hasEnded: () => boolean): Promise<'ready' | 'late' | 'ended'> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded()) {
      return 'ended';
    }
    if (await answersOk(url)) {
      return 'ready';
    }
    await delay(POLL_MS);
  }
  return 'late';
}

const answersOk = async (url: string): Promise<boolean> => {
  try {
    const { statusCode, body } = await request(url, { dispatcher: toOwnProcess, signal: AbortSignal.timeout(2_000) });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
};
