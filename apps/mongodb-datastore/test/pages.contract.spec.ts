import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

const at = (seconds: number): string => new Date(Date.UTC(2021, 0, 1, 0, 0, seconds)).toISOString();

describe('times', () => {
  const project = 'times';
  // In the order of time, which is not that of the texts.
  const times = [
    '2021-06-01T12:00:00+02:00',
    '2021-06-01T10:00:00.000000001Z',
    '2021-06-01T10:00:00.5Z',
    '2021-06-01T09:00:01-01:00',
    '2021-06-01T10:00:01.001Z',
  ];

  beforeAll(async () => {
    for (const index of [3, 0, 4, 2, 1]) {
      await datastore.store(anEvent({ id: `time-${index}`, time: times[index], data: { project } }));
    }
  });

  it('sort as times, whatever their offset, and within a millisecond as they arrived', async () => {
    expect(idsOf(await datastore.page({ project }))).toEqual(['time-4', 'time-3', 'time-2', 'time-0', 'time-1']);
  });

  it('limit a search by the millisecond, without the limit itself', async () => {
    expect(idsOf(await datastore.page({ project, fromTime: '2021-06-01T10:00:00Z' }))).toEqual([
      'time-4',
      'time-3',
      'time-2',
    ]);
    expect(idsOf(await datastore.page({ project, beforeTime: '2021-06-01T12:00:00.5+02:00' }))).toEqual([
      'time-0',
      'time-1',
    ]);
  });

  it('may be given with a plus sign that was not escaped', async () => {
    const { json } = await datastore.call(`/event?project=${project}&fromTime=2021-06-01T12:00:01+02:00`);
    expect(json).toMatchObject({ totalCount: 1 });
  });

  it.each(['newest', 'oldest'])('of one millisecond come in the order of arrival when %s is first', async (order) => {
    const ties = `ties-${order}`;
    // The later its nanosecond, the earlier it arrives.
    const fractions = ['000', '000999', '0005', '000000001'];
    for (const [index, fraction] of fractions.entries()) {
      const time = `2021-01-01T00:00:00.${fraction}Z`;
      await datastore.store(
        anEvent({ id: `${ties}-${index}`, time, shkeptncontext: `${ties}-${index}`, data: { project: ties } }),
      );
    }
    const inOrder = fractions.map((_fraction, index) => `${ties}-${index}`);
    for (const root of ['true', 'false']) {
      expect(idsOf(await datastore.page({ project: ties, order, root }))).toEqual(inOrder);
      for (const pageSize of ['1', '2', '3']) {
        expect(await datastore.allIds({ project: ties, order, root, pageSize })).toEqual(inOrder);
      }
    }
  });
});

describe('pages', () => {
  it('hold each event once, and the last one has no key', async () => {
    const stored: { id: string; second: number }[] = [];
    for (let index = 0; index < 23; index++) {
      const second = Math.floor(index / 4);
      const event = anEvent({ time: at(second), data: { project: 'paged' } });
      await datastore.store(event);
      stored.push({ id: event.id, second });
    }
    const ids = stored.toSorted((one, other) => other.second - one.second).map(({ id }) => id);
    expect(await datastore.allIds({ project: 'paged', pageSize: '5' })).toEqual(ids);
    const first = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(first).toMatchObject({ pageSize: 5, totalCount: 23 });
    const last = await datastore.page({ project: 'paged', pageSize: '23' });
    expect(last).not.toHaveProperty('nextPageKey');
    expect(await datastore.page({ project: 'paged', nextPageKey: '0' })).toMatchObject({ events: { length: 20 } });
  });

  it('of several events end for a Go client, which reads the key as an offset, behind the pages that it wants', async () => {
    const { nextPageKey } = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(nextPageKey).toMatch(/^[1-9]\d+$/);
    expect(BigInt(nextPageKey ?? '')).toBeGreaterThan(2n ** 63n);
  });

  it('of one event have the offset for a key, which a Go client compares with the pages that it wants', async () => {
    const ids = await datastore.allIds({ project: 'paged', pageSize: '10' });
    for (let offset = 0; offset < ids.length; offset++) {
      const page = await datastore.page({ project: 'paged', pageSize: '1', nextPageKey: String(offset) });
      expect(idsOf(page)).toEqual([ids[offset]]);
      expect(page.nextPageKey).toBe(offset === ids.length - 1 ? undefined : String(offset + 1));
    }
  });

  it('begin behind any offset, in either order, of roots as well, and as lines', async () => {
    const project = 'offsets';
    const context = 'context-of-offsets';
    for (let index = 0; index < 10; index++) {
      const shkeptncontext = index < 7 ? `${context}-${index}` : context;
      await datastore.store(anEvent({ time: at(index % 3), shkeptncontext, data: { project } }));
    }
    for (const parameters of [{ order: 'newest' }, { order: 'oldest' }, { root: 'true' }]) {
      const ids = await datastore.allIds({ project, ...parameters });
      for (let offset = 0; offset <= ids.length + 1; offset++) {
        const start = { project, ...parameters, nextPageKey: String(offset) };
        expect(await datastore.allIds({ ...start, pageSize: '3' })).toEqual(ids.slice(offset));
        const lines = await datastore.call(`/event?${new URLSearchParams(start).toString()}`, {
          headers: { accept: 'application/x-ndjson' },
        });
        expect(lines.text.match(/"id":"[^"]+"/g)?.length ?? 0).toBe(Math.max(0, ids.length - offset));
      }
    }
    const trace = await datastore.get(`/event/context/${context}`, { pageSize: '1', nextPageKey: '1' });
    expect(trace.json).toMatchObject({ events: [{}], nextPageKey: '2', totalCount: 3 });
  });

  it('neither skip nor repeat while sixteen writers store events', async () => {
    const parameters = { project: 'crowded', pageSize: '7' };
    const before: string[] = [];
    for (let index = 0; index < 60; index++) {
      const event = anEvent({ time: at(index % 10), data: { project: 'crowded' } });
      before.push(event.id);
      await datastore.store(event);
    }
    let isPaging = true;
    const writers = Array.from({ length: 16 }, async (_none, writer) => {
      for (let index = 0; isPaging; index++) {
        await datastore.store(anEvent({ time: at((writer + index) % 10), data: { project: 'crowded' } }));
      }
    });
    const seen = await datastore.allIds({ ...parameters, beforeTime: at(10) });
    isPaging = false;
    await Promise.all(writers);
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((id) => !seen.includes(id))).toEqual([]);
  });
});
