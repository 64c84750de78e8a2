import type { Run } from '@keptn/api-models';
import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { callShipyard } from '../../api/clients';
import { pages } from '../../api/pages';
import { liveEvents, queryClient } from '../../api/queries';
import { Refresher } from '../../api/refresher';
import { type RunFilter } from './run-filter';

const PAGE_SIZE = 50;

interface RunPage {
  readonly runs: readonly Run[];
  readonly nextPageKey: string;
}

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
        void readAgain(filter, keptnContext);
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

/** @param run undefined when it is no longer among those that the filter asks for */
export function withRun<Param>(
  { pages: [first, ...others], pageParams }: InfiniteData<RunPage, Param>,
  keptnContext: string,
  run: Run | undefined,
): InfiniteData<RunPage, Param> {
  const replaced = [first, ...others].flatMap((page) =>
    page === undefined
      ? []
      : [
          {
            ...page,
            runs: page.runs.flatMap((each) =>
              each.keptnContext === keptnContext ? (run === undefined ? [] : [run]) : [each],
            ),
          },
        ],
  );
  const isShown = replaced.some(({ runs }) => runs.some((each) => each.keptnContext === keptnContext));
  const [newest, ...older] = replaced;
  if (run === undefined || isShown || newest === undefined || isOlder(run, newest))
    return { pages: replaced, pageParams };
  const runs = [...newest.runs, run].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  return { pages: [{ ...newest, runs }, ...older], pageParams };
}

/** An older run comes with its page. */
const isOlder = ({ startedAt }: Run, { runs }: RunPage): boolean => {
  const last = runs.at(-1);
  return runs.length >= PAGE_SIZE && last !== undefined && startedAt < last.startedAt;
};
