import type { Run } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { RunFilterForm } from './run-filter-form';
import { RunItem } from './run-item';
import { runsQuery, useLiveRuns } from './runs.queries';
import './runs.css';

const route = getRouteApi('/runs');

/** Height of a run until it has been measured, in pixels. */
const ESTIMATED_HEIGHT = 96;

/** All runs, newest first; however many there are, only those on the screen are in the page. */
export function RunsView() {
  const filter = route.useSearch();
  const query = useInfiniteQuery(runsQuery(filter));
  useLiveRuns(filter);
  return (
    <Page title="Runs">
      <RunFilterForm key={JSON.stringify(filter)} filter={filter} />
      <Loaded query={query}>
        {({ pages }) => {
          const runs = pages.flatMap((page) => page.runs);
          return runs.length === 0 ? (
            <Notice kind="neutral">There are no runs like this. What begins now appears here by itself.</Notice>
          ) : (
            <RunList runs={runs} query={query} />
          );
        }}
      </Loaded>
    </Page>
  );
}

interface RunListProps {
  readonly runs: readonly Run[];
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function RunList({ runs, query }: RunListProps) {
  const list = useRef<HTMLOListElement>(null);
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => ESTIMATED_HEIGHT,
    overscan: 8,
    getItemKey: (index) => runs[index]?.keptnContext ?? index,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (lastShown >= runs.length - 1 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [lastShown, runs.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <ol className="runs" ref={list} style={{ height: rows.getTotalSize() }}>
      {items.map(({ key, index, start }) => {
        const run = runs[index];
        return (
          run && (
            <li
              key={key}
              data-index={index}
              ref={rows.measureElement}
              style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
              aria-setsize={hasNextPage ? -1 : runs.length}
              aria-posinset={index + 1}
            >
              <RunItem run={run} />
            </li>
          )
        );
      })}
    </ol>
  );
}
