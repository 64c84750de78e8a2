import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failures/failure';
import { Refusal } from '../failures/refusal';
import { PATIENCE_MS } from './http-client';

/** How long a server that answers before the work is done may take for it, in milliseconds. */
const LONGEST_MS = 90_000;
const PAUSE_MS = 500;

export interface Waiting {
  readonly signal: AbortSignal;
  /** Called once when it takes longer than a person waits without asking why. */
  readonly onSlow: (awaited: string) => void;
}

/**
 * A server of Keptn 0.7 answers before the work is done: reads until the result is there. With this project's server it
 * is there at once.
 *
 * @param what is awaited, e.g. `project sockshop to exist`
 * @param read resolves with undefined as long as it is not there; a 404 means the same
 * @throws Failure when it is not there in time
 */
export async function eventually<Found>(
  what: string,
  read: () => Promise<Found | undefined>,
  { onSlow, signal }: Waiting,
): Promise<Found> {
  const startedAt = performance.now();
  for (let isSlow = false; ;) {
    const found = await orMissing(read());
    if (found !== undefined) {
      return found;
    }
    const elapsed = performance.now() - startedAt;
    if (elapsed > PATIENCE_MS && !isSlow) {
      isSlow = true;
      onSlow(what);
    }
    if (elapsed > LONGEST_MS) {
      throw new Failure(
        'failed',
        `the server accepted the request, but ${LONGEST_MS / 1000} seconds were not enough for ${what}`,
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

/** The result of a read, undefined when the server answers 404. */
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
