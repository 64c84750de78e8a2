import { infiniteQueryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';
import { isOfProjectLife, type LoggedEvent } from '../../api/logged-event';
import { pages } from '../../api/pages';
import { liveEvents, queryClient, readAfter } from '../../api/queries';
import { LiveRuns, type ShownRuns } from './live-runs';
import { type RunFilter } from './run-filter';
import { PAGE_SIZE, type RunPage, toPage } from './run-pages';

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: async ({ pageParam, signal }): Promise<RunPage> => {
      const query = { ...filter, ...following(), pageSize: String(PAGE_SIZE), nextPageKey: pageParam };
      const read = await callShipyard('GET /v1/run', { query, signal });
      return toPage(read, pages.getNextPageParam(read) !== undefined);
    },
    ...pages,
    meta: { touchedBy: (event) => mayShow(filter, event), isFollowedByView: (event) => !isOfProjectLife(event) },
  });

const mayShow = (filter: RunFilter, { project, keptnContext }: LoggedEvent): boolean =>
  (filter.project === undefined || project === filter.project) &&
  (filter.keptnContext === undefined || keptnContext === filter.keptnContext);

/** Keeps the runs of a list up to date while it is shown. */
export function useLiveRuns(filter: RunFilter): void {
  useEffect(() => {
    const runs = new LiveRuns(shownRuns(filter));
    const stop = liveEvents.onEvent((event) => {
      if (mayShow(filter, event) && !isOfProjectLife(event)) runs.touch(event.keptnContext, liveEvents.position);
    });
    return () => {
      stop();
      runs.stop();
    };
  }, [filter]);
}

function shownRuns(filter: RunFilter): ShownRuns {
  const { queryKey } = runsQuery(filter);
  return {
    client: queryClient,
    queryKey,
    readRun: (keptnContext, wanted) =>
      callShipyard('GET /v1/run', { query: { ...filter, keptnContext, notOlderThan: String(wanted) } }),
    readAll: (wanted) => {
      const list = queryClient.getQueryCache().find({ queryKey });
      if (list !== undefined) readAfter(list, wanted);
    },
  };
}
