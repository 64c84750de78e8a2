import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { RunFilterForm } from './run-filter-form';
import { RunList } from './run-list';
import { runsOf } from './run-pages';
import { runsQuery, useLiveRuns } from './runs.queries';
import './runs.css';

const route = getRouteApi('/runs');

/** All runs, newest first. */
export function RunsView() {
  const filter = route.useSearch();
  const query = useInfiniteQuery(runsQuery(filter));
  const pages = query.data?.pages;
  const runs = useMemo(() => runsOf(pages ?? []), [pages]);
  useLiveRuns(filter);
  return (
    <Page title="Runs">
      <RunFilterForm key={JSON.stringify(filter)} filter={filter} />
      <Loaded query={query}>
        {() =>
          runs.length === 0 ? (
            <Notice kind="neutral">There are no runs like this. What begins now appears here by itself.</Notice>
          ) : (
            <RunList runs={runs} query={query} />
          )
        }
      </Loaded>
    </Page>
  );
}
