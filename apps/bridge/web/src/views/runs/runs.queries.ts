import { infiniteQueryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { callShipyard } from '../../api/clients';
import { pages } from '../../api/pages';
import { liveEvents, queryClient } from '../../api/queries';
import { Refresher } from '../../api/refresher';
import { type RunFilter } from './run-filter';
import { PAGE_SIZE, type RunPage, withRun } from './run-pages';

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: ({ pageParam, signal }): Promise<RunPage> =>
      callShipyard('GET /v1/run', {
        query: { ...filter, pageSize: String(PAGE_SIZE), nextPageKey: pageParam },
        signal,
      }),
    ...pages,
  });

/** Reads the run of each event again, and that alone, however many runs are shown. */
export function useLiveRuns(filter: RunFilter): void {
  useEffect(() => {
    const refresher = new Refresher();
    const stop = liveEvents.onEvent(({ keptnContext, project }) => {
      if (filter.project !== undefined && project !== filter.project) return;
      refresher.touch(keptnContext, () => {
        // What fails is read again with the next event; the list itself says what is wrong.
        readAgain(filter, keptnContext).catch(() => undefined);
      });
    });
    return () => {
      stop();
      refresher.stop();
    };
  }, [filter]);
}

async function readAgain(filter: RunFilter, keptnContext: string): Promise<void> {
  const { runs } = await callShipyard('GET /v1/run', { query: { ...filter, keptnContext } });
  queryClient.setQueryData(runsQuery(filter).queryKey, (data) => data && withRun(data, keptnContext, runs[0]));
}
