import type { Run } from '@keptn/api-models';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from '../../api/api-failure';
import { LiveRuns, type ShownRuns } from './live-runs';

const KEY = ['runs'];
const AWAY = ApiFailure.ofConnection(undefined);

const aRun = (keptnContext: string, state = 'open') =>
  ({ keptnContext, state, startedAt: '2026-01-31' }) as unknown as Run;

let client: QueryClient;
let runs: LiveRuns;
const readRun = vi.fn<ShownRuns['readRun']>();
const readAll = vi.fn<ShownRuns['readAll']>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(KEY, { pages: [{ runs: [aRun('one'), aRun('other')], from: '' }], pageParams: [undefined] });
  runs = new LiveRuns({ client, queryKey: KEY, readRun, readAll });
});
afterEach(() => {
  runs.stop();
  client.clear();
  vi.useRealTimers();
});

const shown = () => client.getQueryData<{ pages: { runs: Run[] }[] }>(KEY)?.pages[0]?.runs;

/** Has all of the list read, which fails. */
const showFailed = async (): Promise<void> => {
  const queryFn = () => Promise.reject(AWAY);
  new QueryObserver(client, { queryKey: KEY, queryFn, initialData: client.getQueryData(KEY) }).subscribe(
    () => undefined,
  );
  await client.invalidateQueries({ queryKey: KEY });
};

describe('a list of runs that is shown', () => {
  it('has the run of an event read again, and that alone', async () => {
    readRun.mockResolvedValue({ runs: [aRun('one', 'finished')], position: 7 });
    runs.touch('one', 7);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(readRun.mock.calls).toEqual([['one', 7]]);
    expect(readAll).not.toHaveBeenCalled();
    expect(shown()).toEqual([aRun('one', 'finished'), aRun('other')]);
  });

  it('is read as a whole when a run stays behind', async () => {
    readRun.mockResolvedValue({ runs: [aRun('one')], position: 6 });
    runs.touch('one', 7);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(readAll).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(readAll.mock.calls).toEqual([[7]]);
  });

  it('is read as a whole when a run cannot be read, so that it says so when that fails as well', async () => {
    readRun.mockRejectedValue(AWAY);
    runs.touch('one', 7);
    await vi.advanceTimersByTimeAsync(100);
    expect(readAll.mock.calls).toEqual([[7]]);
  });

  it('is read as a whole, without any run of it, when all of it could not be read', async () => {
    await showFailed();
    runs.touch('one', 7);
    runs.touch('other', 8);
    await vi.advanceTimersByTimeAsync(100);
    expect(readRun).not.toHaveBeenCalled();
    expect(readAll.mock.calls).toEqual([[7], [8]]);
  });

  it('does not look up to date for one run that can be read, when all of it cannot be meanwhile', async () => {
    readRun.mockImplementation(async () => {
      await showFailed();
      return { runs: [aRun('one', 'finished')], position: 7 };
    });
    runs.touch('one', 7);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.getQueryState(KEY)).toMatchObject({ status: 'error' });
    expect(readAll.mock.calls).toEqual([[7]]);
  });

  it('is left alone when it is shown no longer', async () => {
    runs.touch('one', 7);
    runs.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(readRun).not.toHaveBeenCalled();
  });
});
