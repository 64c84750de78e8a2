import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from './api-failure';
import { type Connection } from './event-stream';
import { followConnection } from './failed-reads';
import { Refresher } from './refresher';

/** The stream's connection, as the test says. */
class Live {
  connection: Connection = 'connecting';
  position = 0;
  private readonly watchers = new Set<() => void>();

  readonly onConnection = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  become(connection: Connection): void {
    this.connection = connection;
    for (const watcher of this.watchers) watcher();
  }
}

let client: QueryClient;
let refresher: Refresher;
let live: Live;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  refresher = new Refresher();
  live = new Live();
  stop = followConnection(live, client, refresher);
});
afterEach(() => {
  stop();
  refresher.stop();
  client.clear();
  vi.useRealTimers();
});

const later = () => vi.advanceTimersByTimeAsync(20_000);

const UNREACHABLE = ApiFailure.ofConnection(undefined);
const UNKNOWN = ApiFailure.ofAnswer(new Response(null, { status: 404 }), '');

/** A view whose first reads fail. */
const show = async (key: string, failures: number, failure = UNREACHABLE) => {
  let failed = 0;
  const read = vi.fn(() => (failed++ < failures ? Promise.reject(failure) : Promise.resolve({})));
  new QueryObserver(client, { queryKey: [key], queryFn: read }).subscribe(() => undefined);
  await later();
  return read;
};

describe('what could not be read', () => {
  it('is read again when the connection is back, until it can be', async () => {
    live.become('lost');
    const read = await show('board', 3);
    expect(read).toHaveBeenCalledOnce();
    live.become('live');
    await later();
    expect(read).toHaveBeenCalledTimes(4);
    expect(client.getQueryState(['board'])).toMatchObject({ status: 'success' });
  });

  it('is read again when it fails only after the connection is back', async () => {
    live.become('lost');
    let fail: (failure: ApiFailure) => void = () => undefined;
    const read = vi
      .fn<() => Promise<object>>(() => Promise.resolve({}))
      .mockImplementationOnce(() => new Promise((_resolve, reject) => (fail = reject)));
    new QueryObserver(client, { queryKey: ['board'], queryFn: read }).subscribe(() => undefined);
    await later();
    live.become('live');
    await later();
    fail(UNREACHABLE);
    await later();
    expect(read).toHaveBeenCalledTimes(2);
    expect(client.getQueryState(['board'])).toMatchObject({ status: 'success' });
  });

  it('is left alone by the first connection', async () => {
    const read = await show('board', 1);
    live.become('live');
    await later();
    expect(read).toHaveBeenCalledOnce();
  });

  it('is left alone when it would fail again, and so is what could be read', async () => {
    const unknown = await show('project', 1, UNKNOWN);
    const fine = await show('runs', 0);
    live.become('lost');
    live.become('live');
    await later();
    expect(unknown).toHaveBeenCalledOnce();
    expect(fine).toHaveBeenCalledOnce();
  });
});
