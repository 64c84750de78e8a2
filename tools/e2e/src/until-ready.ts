import { vi } from 'vitest';

/** Milliseconds; for a busy machine. */
const PATIENCE_MS = 60_000;

/**
 * Resolves when a service, and all that it needs, can be used. One that listens may still be opening its database.
 *
 * @param url origin of the service
 */
export async function untilReady(url: string): Promise<void> {
  await vi.waitUntil(
    () =>
      fetch(`${url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    { timeout: PATIENCE_MS },
  );
}
