import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore } from './datastore';

interface LogPage {
  readonly position: number;
  readonly hasMore: boolean;
  readonly events: readonly { readonly sequence: number; readonly event: { readonly id: string } }[];
}

describe('reading the whole log', () => {
  let datastore: Datastore;
  let ids: string[];
  let middle: string;

  beforeAll(async () => {
    datastore = await Datastore.start();
    ids = [];
    for (let index = 0; index < 6; index++) {
      const event = anEvent({ time: `2020-01-0${6 - index}T00:00:00Z` });
      await datastore.store(event);
      ids.push(event.id);
      if (index === 2) {
        const before = Date.now();
        while (Date.now() === before);
        middle = new Date().toISOString();
      }
    }
  });

  afterAll(() => datastore.close());

  it('gives its events in the order of their numbers, part by part', async () => {
    const first = (await datastore.get('/reader/event', { after: '0', limit: '4' })).json as LogPage;
    expect([first.position, first.hasMore]).toEqual([4, true]);
    const second = (await datastore.get('/reader/event', { after: String(first.position) })).json as LogPage;
    expect([second.position, second.hasMore]).toEqual([6, false]);
    expect([...first.events, ...second.events].map(({ event }) => event.id)).toEqual(ids);
    expect((await datastore.get('/reader/event', { after: '6' })).json).toEqual({
      position: 6,
      hasMore: false,
      events: [],
    });
  });

  it('begins at the end, or where it was at a time', async () => {
    const positionAt = async (query: Record<string, string>) => (await datastore.get('/reader/position', query)).json;
    expect(await positionAt({})).toEqual({ position: 6 });
    expect(await positionAt({ time: middle })).toEqual({ position: 3 });
    expect(await positionAt({ time: '2000-01-01T00:00:00Z' })).toEqual({ position: 0 });
    expect(await positionAt({ time: '2999-01-01T00:00:00Z' })).toEqual({ position: 6 });
  });

  it('gives the events of a context with their numbers and when they were stored', async () => {
    const event = anEvent({ shkeptncontext: '6de83495-4f83-481c-8dbe-fcceb2e0243b' });
    await datastore.store(event);
    expect((await datastore.get('/reader/context/6de83495-4f83-481c-8dbe-fcceb2e0243b')).json).toMatchObject({
      events: [{ sequence: 7, storedAt: expect.stringMatching(/^20.*Z$/), event: { id: event.id } }],
    });
    expect((await datastore.get('/reader/context/none')).json).toEqual({ hasMore: false, events: [] });
  });

  it('gives the events of a context in the order in which they came, whatever time their senders claim', async () => {
    const of = (time: string) => anEvent({ shkeptncontext: 'claimed-times', time });
    const events = [of('2020-11-05T12:00:00Z'), of('2020-11-05T10:00:00Z'), of('2020-11-05T11:00:00Z')];
    const sequences: number[] = [];
    for (const event of events) sequences.push((await datastore.store(event)).sequence);
    const read = async (query: Record<string, string>): Promise<unknown> => {
      const { json } = await datastore.get('/reader/context/claimed-times', query);
      return (json as { events: { event: { id: string } }[] }).events.map(({ event: { id } }) => id);
    };
    expect(await read({})).toEqual(events.map(({ id }) => id));
    expect(await read({ after: String(sequences[0]) })).toEqual(events.slice(1).map(({ id }) => id));
  });

  it.each([
    ['many', 2_100, 'x', [1_000, 1_000, 100]],
    ['large', 4, 'x'.repeat(7 * 1024 * 1024), [3, 1]],
  ])('gives a context of %s events in parts, each event once', async (name, count, filler, sizes) => {
    const start = Date.parse('2020-11-05T12:00:00Z');
    const events = Array.from({ length: count }, (_none, index) =>
      anEvent({ shkeptncontext: name, time: new Date(start - index).toISOString(), data: { filler } }),
    );
    const stored = await Promise.all(events.map((event) => datastore.store(event)));
    const parts: string[][] = [];
    for (let after = 0, hasMore = true; hasMore;) {
      const { json } = await datastore.get(`/reader/context/${name}`, { after: String(after) });
      const part = json as { hasMore: boolean; events: { sequence: number; event: { id: string } }[] };
      parts.push(part.events.map(({ event }) => event.id));
      after = part.events.at(-1)?.sequence ?? 0;
      ({ hasMore } = part);
    }
    expect(parts.map(({ length }) => length)).toEqual(sizes);
    const inOrder = stored.toSorted((one, other) => one.sequence - other.sequence);
    expect(parts.flat()).toEqual(inOrder.map(({ id }) => id));
  });

  it.each([
    ['/reader/event', { after: '-1' }],
    ['/reader/event', {}],
    ['/reader/event', { after: '0', limit: '501' }],
    ['/reader/position', { time: 'yesterday' }],
  ])('refuses %s with %o', async (path, query: Record<string, string>) => {
    expect((await datastore.get(path, query)).status).toBe(400);
  });
});
