import type { Run } from '@keptn/api-models';
import type { InfiniteData } from '@tanstack/react-query';

/** Runs that are read at once. */
export const PAGE_SIZE = 25;

/** What was answered, newest first. */
export interface ReadRuns {
  readonly runs: readonly Run[];
  readonly nextPageKey: string;
}

export interface RunPage extends ReadRuns {
  /** When the oldest run began that it had when it was read; what began before comes with a later page. Empty on the last one. */
  readonly from: string;
}

/** @param hasNext whether there is a further page */
export const toPage = <Read extends ReadRuns>(read: Read, hasNext: boolean): Read & RunPage => ({
  ...read,
  from: hasNext ? (read.runs.at(-1)?.startedAt ?? '') : '',
});

/** Each run once: one that began to match between two pages can be on both. */
export const runsOf = (pages: readonly RunPage[]): readonly Run[] => [
  ...new Map(pages.flatMap(({ runs }) => runs.map((run) => [run.keptnContext, run] as const))).values(),
];

/** @param run undefined when it is no longer among those that the filter asks for */
export function withRun<Param>(
  data: InfiniteData<RunPage, Param>,
  keptnContext: string,
  run: Run | undefined,
): InfiniteData<RunPage, Param> {
  const isThis = (each: Run): boolean => each.keptnContext === keptnContext;
  const isShown = data.pages.some(({ runs }) => runs.some(isThis));
  if (!isShown) return run === undefined ? data : withNewRun(data, run);
  const replacement = run === undefined ? [] : [run];
  const pages = data.pages.map((page) => ({
    ...page,
    runs: page.runs.flatMap((each) => (isThis(each) ? replacement : [each])),
  }));
  return { ...data, pages };
}

/** An older run comes with its page. */
function withNewRun<Param>(data: InfiniteData<RunPage, Param>, run: Run): InfiniteData<RunPage, Param> {
  const place = data.pages.findIndex(({ from }) => run.startedAt >= from);
  const pages = data.pages.map((page, index) => (index === place ? { ...page, runs: inOrder(page.runs, run) } : page));
  return { ...data, pages };
}

const inOrder = (runs: readonly Run[], run: Run): readonly Run[] =>
  [...runs, run].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
