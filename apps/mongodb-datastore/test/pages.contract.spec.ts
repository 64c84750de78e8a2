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

  it('sort as times, to the nanosecond and whatever their offset', async () => {
    expect(idsOf(await datastore.page({ project }))).toEqual(['time-4', 'time-3', 'time-2', 'time-1', 'time-0']);
  });

  it('limit a search, without the limit itself', async () => {
    expect(idsOf(await datastore.page({ project, fromTime: '2021-06-01T10:00:00Z' }))).toEqual([
      'time-4',
      'time-3',
      'time-2',
      'time-1',
    ]);
    expect(idsOf(await datastore.page({ project, beforeTime: '2021-06-01T12:00:00.5+02:00' }))).toEqual([
      'time-1',
      'time-0',
    ]);
  });

  it('may be given with a plus sign that was not escaped', async () => {
    const { json } = await datastore.call(`/event?project=${project}&fromTime=2021-06-01T12:00:01+02:00`);
    expect(json).toMatchObject({ totalCount: 1 });
  });

  it('of the same moment sort by sequence number', async () => {
    for (const id of ['tie-1', 'tie-2', 'tie-3']) {
      await datastore.store(anEvent({ id, time: at(0), data: { project: 'ties' } }));
    }
    expect(idsOf(await datastore.page({ project: 'ties' }))).toEqual(['tie-3', 'tie-2', 'tie-1']);
  });
});

describe('pages', () => {
  it('hold each event once, and the last one has no key', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 23; index++) {
      const event = anEvent({ time: at(Math.floor(index / 4)), data: { project: 'paged' } });
      await datastore.store(event);
      ids.unshift(event.id);
    }
    expect(await datastore.allIds({ project: 'paged', pageSize: '5' })).toEqual(ids);
    const first = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(first).toMatchObject({ pageSize: 5, totalCount: 23 });
    const last = await datastore.page({ project: 'paged', pageSize: '23' });
    expect(last).not.toHaveProperty('nextPageKey');
    expect(await datastore.page({ project: 'paged', nextPageKey: '0' })).toMatchObject({ events: { length: 20 } });
  });

  it('end for a Go client, which reads the key as an offset, behind the pages that it wants', async () => {
    const { nextPageKey } = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(nextPageKey).toMatch(/^[1-9]\d+$/);
    expect(BigInt(nextPageKey ?? '')).toBeGreaterThan(2n ** 63n);
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
