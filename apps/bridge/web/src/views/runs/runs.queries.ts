import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';
import { isOfProjectLife, type LoggedEvent } from '../../api/logged-event';
import { pages } from '../../api/pages';
import { liveEvents, queryClient } from '../../api/queries';
import { changeAnswer } from '../../api/read-again';
import { Refresher } from '../../api/refresher';
import { type RunFilter } from './run-filter';
import { PAGE_SIZE, type RunPage, toPage, withRun } from './run-pages';

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

const mayShow = (filter: RunFilter, { project }: LoggedEvent): boolean =>
  filter.project === undefined || project === filter.project;

/** Reads the run of each event again, and that alone, however many runs are shown. */
export function useLiveRuns(filter: RunFilter): void {
  useEffect(() => {
    const refresher = new Refresher();
    const stop = liveEvents.onEvent((event) => {
      if (!mayShow(filter, event) || isOfProjectLife(event)) return;
      const { keptnContext } = event;
      refresher.touch(keptnContext, liveEvents.position, (wanted) => readAgain(filter, keptnContext, wanted));
    });
    return () => {
      stop();
      refresher.stop();
    };
  }, [filter]);
}

/** @returns up to which event everything is in the answer */
async function readAgain(filter: RunFilter, keptnContext: string, wanted: number): Promise<number> {
  const { queryKey } = runsQuery(filter);
  const query = { ...filter, keptnContext, notOlderThan: String(wanted) };
  const { runs, position } = await callShipyard('GET /v1/run', { query });
  await changeAnswer(queryClient, queryKey, (list: InfiniteData<RunPage>) => withRun(list, keptnContext, runs[0]));
  return position;
}
