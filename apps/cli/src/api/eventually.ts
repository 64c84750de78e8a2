import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures/failure';
import { Refusal } from '../failures/refusal';

/** How long a server that answers before the work is done may take for it, in milliseconds. */
const LONGEST_MS = 90_000;
const PAUSE_MS = 500;

/**
 * A server of Keptn 0.7 answers before the work is done: reads until it shows. This project's server has done it already.
 *
 * @param what that is waited for, e.g. `project sockshop to exist`
 * @param read answers undefined as long as it does not show; a 404 says the same
 * @throws Failure when it does not show in time
 */
export async function eventually<Found>(
  what: string,
  read: () => Promise<Found | undefined>,
  signal: AbortSignal,
): Promise<Found> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const found = await orMissing(read());
    if (found !== undefined) {
      return found;
    }
    if (performance.now() > deadline) {
      throw new Failure(
        'failed',
        `the server took the request, but ${LONGEST_MS / 1000} seconds were not enough for ${what}`,
        {
          hint: 'Its services may have failed: see "keptn trace" with the Keptn context above.',
        },
      );
    }
    await delay(PAUSE_MS, undefined, { signal }).catch((error: unknown) => {
      throw new Failure('interrupted', `interrupted while waiting for ${what}`, { cause: error });
    });
  }
}

/** What a read answers, undefined when the server says 404. */
export async function orMissing<Found>(reading: Promise<Found>): Promise<Found | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
