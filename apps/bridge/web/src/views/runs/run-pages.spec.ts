import type { Run } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { PAGE_SIZE, withRun } from './run-pages';

const run = (keptnContext: string, minute: number, isOpen = true): Run => ({
  ...{ keptnContext, isOpen, kind: 'delivery', project: 'sockshop' },
  startedAt: `2020-11-23T10:${String(minute).padStart(2, '0')}:00.000Z`,
  updatedAt: '2020-11-23T11:00:00.000Z',
  ...{ labels: [], images: [], steps: [], openApprovals: [] },
});

const pagesOf = (...pages: Run[][]) => ({
  pages: pages.map((runs) => ({ runs, nextPageKey: '0' })),
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
    const full = Array.from({ length: PAGE_SIZE }, (_, index) => run(`run-${index}`, 59 - index));
    expect(contexts(withRun(pagesOf(full), 'old', run('old', 0)))[0]).not.toContain('old');
  });
});
