import type { Run } from '@keptn/api-models';
import type { InfiniteData } from '@tanstack/react-query';

/** Runs that are read at once. */
export const PAGE_SIZE = 25;

export interface RunPage {
  readonly runs: readonly Run[];
  readonly nextPageKey: string;
}

/** @param run undefined when it is no longer among those that the filter asks for */
export function withRun<Param>(
  data: InfiniteData<RunPage, Param>,
  keptnContext: string,
  run: Run | undefined,
): InfiniteData<RunPage, Param> {
  const isThis = (each: Run): boolean => each.keptnContext === keptnContext;
  const replacement = run === undefined ? [] : [run];
  const pages = data.pages.map((page) => ({
    ...page,
    runs: page.runs.flatMap((each) => (isThis(each) ? replacement : [each])),
  }));
  const [newest, ...older] = pages;
  const isShown = data.pages.some(({ runs }) => runs.some(isThis));
  if (run === undefined || newest === undefined || isShown || isOlder(run, newest)) return { ...data, pages };
  const runs = [...newest.runs, run].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  return { ...data, pages: [{ ...newest, runs }, ...older] };
}

/** An older run comes with its page. */
const isOlder = ({ startedAt }: Run, { runs }: RunPage): boolean => {
  const last = runs.at(-1);
  return runs.length >= PAGE_SIZE && last !== undefined && startedAt < last.startedAt;
};
