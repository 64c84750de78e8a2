import {
  infiniteQueryOptions,
  InfiniteQueryObserver,
  QueryClient,
  type QueryKey,
  QueryObserver,
} from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from './api-failure';
import { atRest, changeAnswer, readAgain } from './read-again';
import { NO_POSITION } from './refresher';

const KEY: QueryKey = ['board'];

/** Answers in the order of the requests, when the test says so. */
class Server {
  private readonly waiting: ((answer: Promise<unknown>) => void)[] = [];
  readonly read = vi.fn(() => new Promise<unknown>((resolve) => this.waiting.push(resolve)));

  async answer(answer: unknown): Promise<void> {
    await vi.waitUntil(() => this.waiting.length > 0);
    this.waiting.shift()?.(answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  }
}

let client: QueryClient;
let server: Server;

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  server = new Server();
});
afterEach(() => {
  client.clear();
});

const query = () => client.getQueryCache().build(client, { queryKey: KEY });

/** A view that shows what the query answers. */
const show = (): void => {
  new QueryObserver(client, { queryKey: KEY, queryFn: server.read }).subscribe(() => undefined);
};

describe('what an event has changed', () => {
  it('is read once more when it was being read already, since that may be without the event', async () => {
    show();
    const read = readAgain(client, query(), 7);
    await server.answer({ cells: 'before' });
    await server.answer({ cells: 'after' });
    expect(await read).toBe(Infinity);
    expect(query().state.data).toEqual({ cells: 'after' });
  });

  it('is not read once more when the answer on its way has the event', async () => {
    show();
    const read = readAgain(client, query(), 7);
    await server.answer({ position: 8 });
    expect(await read).toBe(8);
    expect(server.read).toHaveBeenCalledOnce();
  });

  it('is as new as the oldest page of a list', async () => {
    const options = infiniteQueryOptions({
      queryKey: KEY,
      queryFn: server.read,
      initialPageParam: 0,
      getNextPageParam: (_last, pages) => pages.length,
    });
    const observer = new InfiniteQueryObserver(client, options);
    observer.subscribe(() => undefined);
    await server.answer({ position: 6 });
    await atRest(query());
    const next = observer.fetchNextPage();
    await server.answer({ position: 9 });
    await next;
    const read = readAgain(client, query(), 7);
    await server.answer({ position: 9 });
    await server.answer({ position: 8 });
    expect(await read).toBe(8);
  });

  it('has nothing of the log when it is refused', async () => {
    show();
    await server.answer({ position: 6 });
    await atRest(query());
    const read = readAgain(client, query(), 7);
    await server.answer(ApiFailure.ofAnswer(new Response(null, { status: 404 }), ''));
    expect(await read).toBe(NO_POSITION);
  });

  it('fails when it could not be read for now', async () => {
    show();
    await server.answer({ position: 6 });
    await atRest(query());
    const read = readAgain(client, query(), 7);
    await server.answer(ApiFailure.ofConnection(undefined));
    await expect(read).rejects.toThrow('cannot be reached');
  });

  it('has nothing of the log as long as what follows may still be to come', async () => {
    const meta = { mayFollow: (answer: { readonly lag: number }) => answer.lag > 0 };
    new QueryObserver(client, { queryKey: KEY, queryFn: server.read, meta }).subscribe(() => undefined);
    await server.answer({ lag: 0 });
    for (const [lag, position] of [
      [1, NO_POSITION],
      [0, Infinity],
    ] as const) {
      const read = readAgain(client, query(), 7);
      await server.answer({ lag });
      expect(await read).toBe(position);
    }
  });

  it('is read by the view that comes to it, when it was read ahead before the event', async () => {
    const ahead = client.query({ queryKey: KEY, queryFn: server.read });
    const read = readAgain(client, query(), 7);
    await server.answer({ cells: 'before' });
    await Promise.all([ahead, read]);
    show();
    await server.answer({ cells: 'after' });
    await vi.waitUntil(() => query().state.fetchStatus === 'idle');
    expect(query().state.data).toEqual({ cells: 'after' });
  });

  it('is not lost when it is changed in an answer while that is read anew', async () => {
    show();
    const changed = changeAnswer(client, KEY, (data: string) => `${data}, changed`);
    await server.answer('read');
    await changed;
    await atRest(query());
    expect(query().state.data).toBe('read, changed');
  });

  it('is waited for no longer when what was being read is forgotten', async () => {
    show();
    const rest = atRest(query());
    client.removeQueries({ queryKey: KEY });
    await rest;
  });
});
