import type { Query, QueryClient } from '@tanstack/react-query';
import type { LiveEvents } from './live-events';
import { atRest, passingFailureOf, readAgain } from './read-again';
import type { Refresher } from './refresher';

/**
 * Has what could not be read read again when a connection that was lost is there again: it often failed for the same reason, and no event
 * has to come that says so.
 *
 * @returns ends it
 */
export function followConnection(
  live: Pick<LiveEvents, 'connection' | 'onConnection' | 'position'>,
  client: QueryClient,
  refresher: Refresher,
): () => void {
  let wasLost = false;
  let isFollowing = true;
  const readIfFailed = async (query: Query): Promise<void> => {
    // What is on its way may be on a connection that is gone.
    await atRest(query);
    if (!isFollowing || !query.isActive() || passingFailureOf(query) === undefined) return;
    refresher.touch(query.queryHash, live.position, (wanted) => readAgain(client, query, wanted));
  };
  const stop = live.onConnection(() => {
    const isBack = wasLost && live.connection === 'live';
    wasLost = live.connection === 'lost';
    if (!isBack) return;
    for (const query of client.getQueryCache().findAll({ type: 'active' })) void readIfFailed(query);
  });
  return () => {
    isFollowing = false;
    stop();
  };
}
