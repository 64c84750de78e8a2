import { setTimeout as delay } from 'node:timers/promises';
import { type ReferenceLocked } from './git-store.errors';

/** How long to wait for a lock that a foreign git command holds, and how long between two attempts. Milliseconds. */
export const LOCK_PATIENCE = 2_000;
export const LOCK_PAUSE = 50;

/**
 * Tries to take a lock until that succeeds.
 * @param lock false when somebody else holds it
 * @throws ReferenceLocked when it stays
 */
export async function untilLocked(lock: () => boolean, locked: () => ReferenceLocked): Promise<void> {
  const started = performance.now();
  while (!lock()) {
    if (performance.now() - started > LOCK_PATIENCE) throw locked();
    await delay(LOCK_PAUSE);
  }
}
