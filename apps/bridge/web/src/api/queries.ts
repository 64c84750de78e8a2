import { type Query, QueryClient } from '@tanstack/react-query';
import { type ApiFailure } from './api-failure';
import { followConnection } from './failed-reads';
import { LiveEvents } from './live-events';
import { type LoggedEvent } from './logged-event';
import { readAgain } from './read-again';
import { Refresher } from './refresher';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Whether an event changes what the query has answered; without it nothing does. */
      readonly touchedBy?: (event: LoggedEvent) => boolean;
      /** Whether the view reads the part that an event touches for itself, as long as it is shown. */
      readonly isFollowedByView?: (event: LoggedEvent) => boolean;
      /** Whether what follows from an event may still be to come in an answer that does not say up to which event it goes. */
      mayFollow?(answer: unknown): boolean;
    };
    defaultError: ApiFailure;
  }
}

/** As long a view takes at most from the begin of reading ahead until it is there, in milliseconds. */
const READ_AHEAD_MS = 2_000;

/** What was refused while a view was loading is not asked for once more by the view itself. */
const wasNotReadAhead = ({ state }: Query): boolean => Date.now() - state.errorUpdatedAt > READ_AHEAD_MS;

/** Nothing grows old by the clock: events say what has changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 300_000,
      retry: false,
      retryOnMount: wasNotReadAhead,
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});

export const liveEvents = new LiveEvents();
export const refresher = new Refresher();

/** Has a query read again until the event of this sequence number is in its answer. */
export function readAfter(query: Query, sequence: number): void {
  refresher.touch(query.queryHash, sequence, (wanted) => readAgain(queryClient, query, wanted));
}

const isTouched = (query: Query, event: LoggedEvent): boolean =>
  query.meta?.touchedBy?.(event) === true && !isFollowed(query, event);

/** Without an answer so far there is no part of it to be read. */
const isFollowed = (query: Query, event: LoggedEvent): boolean =>
  query.meta?.isFollowedByView?.(event) === true && query.state.data !== undefined && query.isActive();

/**
 * Has every query that an event touches read again, and what has failed when the connection is back.
 *
 * @returns ends it
 */
export function followEvents(): () => void {
  const stops = [
    liveEvents.start(),
    liveEvents.onEvent((event) => {
      for (const query of queryClient.getQueryCache().findAll({ predicate: (each) => isTouched(each, event) })) {
        readAfter(query, liveEvents.position);
      }
    }),
    liveEvents.onGap(() => {
      void queryClient.invalidateQueries();
    }),
    followConnection(liveEvents, queryClient, refresher),
  ];
  return () => {
    refresher.stop();
    for (const stop of stops) stop();
  };
}
