import type { Run } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { runsOf, toPage, withRun } from './run-pages';

const run = (keptnContext: string, minute: number, isOpen = true): Run => ({
  ...{ keptnContext, isOpen, kind: 'delivery', project: 'sockshop' },
  startedAt: `2020-11-23T10:${String(minute).padStart(2, '0')}:00.000Z`,
  updatedAt: '2020-11-23T11:00:00.000Z',
  ...{ labels: [], images: [], steps: [], openApprovals: [] },
});

const pagesOf = (...pages: Run[][]) => ({
  pages: pages.map((runs, index) => toPage({ runs, nextPageKey: 'key' }, index < pages.length - 1)),
  pageParams: [undefined],
});

/** The first pages of a list that has more. */
const firstPagesOf = (...pages: Run[][]) => ({
  pages: pages.map((runs) => toPage({ runs, nextPageKey: 'key' }, true)),
  pageParams: [undefined],
});

const contexts = ({ pages }: ReturnType<typeof withRun>) =>
  pages.map(({ runs }) => runs.map(({ keptnContext }) => keptnContext));

describe('the list of runs', () => {
  it('shows a run that began as the first one', () => {
    expect(contexts(withRun(pagesOf([run('a', 1)]), 'b', run('b', 2)))).toEqual([['b', 'a']]);
  });

  it('shows a run as it is now, on whichever page it stands', () => {
    const { pages } = withRun(pagesOf([run('b', 2)], [run('a', 1)]), 'a', run('a', 1, false));
    expect(pages.map(({ runs }) => runs.map(({ isOpen }) => isOpen))).toEqual([[true], [false]]);
  });

  it('leaves out a run that the filter no longer asks for', () => {
    expect(contexts(withRun(pagesOf([run('b', 2), run('a', 1)]), 'b', undefined))).toEqual([['a']]);
  });

  it('shows an older run only when its page is read', () => {
    const pages = firstPagesOf([run('b', 9), run('a', 8)]);
    expect(contexts(withRun(pages, 'old', run('old', 1)))).toEqual([['b', 'a']]);
    const fewer = withRun(pages, 'b', undefined);
    expect(contexts(withRun(fewer, 'old', run('old', 1)))).toEqual([['a']]);
  });

  it('shows an older run at the end when there is no further page', () => {
    expect(contexts(withRun(pagesOf([run('b', 9)], [run('a', 8)]), 'old', run('old', 1)))).toEqual([
      ['b'],
      ['a', 'old'],
    ]);
  });

  it('shows a run that the filter asks for by now at its place, on whichever page that is', () => {
    const pages = firstPagesOf([run('d', 9), run('c', 7)], [run('b', 5), run('a', 3)]);
    expect(contexts(withRun(pages, 'new', run('new', 4)))).toEqual([
      ['d', 'c'],
      ['b', 'new', 'a'],
    ]);
  });

  it('has a run that is back after others of its page are gone', () => {
    const pages = firstPagesOf([run('b', 9), run('a', 5)]);
    const without = withRun(withRun(pages, 'b', undefined), 'a', undefined);
    expect(contexts(withRun(without, 'c', run('c', 6)))).toEqual([['c']]);
  });

  it('has each run once, even when two pages have it', () => {
    const { pages } = firstPagesOf([run('b', 9), run('a', 5)], [run('a', 5)]);
    expect(runsOf(pages).map(({ keptnContext }) => keptnContext)).toEqual(['b', 'a']);
  });
});
