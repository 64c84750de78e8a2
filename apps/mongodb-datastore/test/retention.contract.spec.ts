import mongoose from 'mongoose';
import { afterEach, describe, expect, it } from 'vitest';
import { anEvent, Datastore, freshDatabase, idsOf } from './datastore';

const OFTEN = { RETENTION_INTERVAL_MS: '20' };

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const aDatastore = async (settings: Record<string, string>, databaseUri = freshDatabase()): Promise<Datastore> => {
  const datastore = await Datastore.start({ ...OFTEN, ...settings }, databaseUri);
  cleanups.push(() => datastore.stop());
  return datastore;
};

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** Stores an event that came in some days ago. */
const storeArrived = async (datastore: Datastore, days: number, event = anEvent()): Promise<number> => {
  const { sequence } = await datastore.store(event);
  const database = await mongoose.createConnection(datastore.databaseUri).asPromise();
  const arrival = new Date(Date.now() - days * 86_400_000);
  await database.collection<{ _id: number }>('events').updateOne({ _id: sequence }, { $set: { arrival } });
  await database.close();
  return sequence;
};

const countOf = async (datastore: Datastore, parameters: Record<string, string> = {}): Promise<number> =>
  (await datastore.page({ ...parameters, pageSize: '1' })).totalCount;

const untilCount = async (datastore: Datastore, count: number, parameters: Record<string, string> = {}) => {
  while ((await countOf(datastore, parameters)) !== count);
};

/** A datastore over events that were stored while nothing expired. */
const restarted = async (datastore: Datastore, settings: Record<string, string>): Promise<Datastore> => {
  await datastore.stop();
  cleanups.splice(cleanups.length - 1, 1);
  return aDatastore(settings, datastore.databaseUri);
};

describe('retention by age', () => {
  it('removes what came in longer ago, and the root of a run is then the earliest event that is left', async () => {
    const before = await aDatastore({});
    const young = anEvent({ time: daysAgo(80), shkeptncontext: 'spanning' });
    await storeArrived(before, 100, anEvent({ time: daysAgo(100), shkeptncontext: 'spanning' }));
    await storeArrived(before, 100, anEvent({ time: daysAgo(100), shkeptncontext: 'bygone' }));
    await storeArrived(before, 91, anEvent({ data: {} }));
    await storeArrived(before, 80, young);
    const datastore = await restarted(before, { RETENTION_MAX_AGE: '90d' });
    await untilCount(datastore, 1);
    expect(idsOf(await datastore.page())).toEqual([young.id]);
    await untilCount(datastore, 1, { root: 'true' });
    expect(idsOf(await datastore.page({ root: 'true' }))).toEqual([young.id]);
    expect((await datastore.get('/event/context/bygone')).status).toBe(404);
  });

  it('goes by arrival and not by the time of the sender, be it in the past or in the future', async () => {
    const before = await aDatastore({});
    await storeArrived(before, 100, anEvent({ time: '2031-01-01T00:00:00Z', shkeptncontext: 'from-the-future' }));
    const old = anEvent({ time: '2019-10-24T09:59:01Z' });
    await before.store(old);
    const datastore = await restarted(before, { RETENTION_MAX_AGE: '90d' });
    await untilCount(datastore, 0, { root: 'true', keptnContext: 'from-the-future' });
    expect(idsOf(await datastore.page())).toEqual([old.id]);
  });

  it('goes on where another replica was cut off, and any number of them may run', async () => {
    const databaseUri = freshDatabase();
    const first = await aDatastore({}, databaseUri);
    for (let index = 0; index < 30; index++) {
      await storeArrived(first, index < 15 ? 2 : 0, anEvent({ shkeptncontext: `run-${index}` }));
    }
    const replicas = [
      await aDatastore({ RETENTION_MAX_AGE: '1d' }, databaseUri),
      await aDatastore({ RETENTION_MAX_AGE: '1d' }, databaseUri),
    ];
    await replicas[0]?.stop();
    cleanups.splice(1, 1);
    await untilCount(first, 15);
    await untilCount(first, 15, { root: 'true' });
  });
});

describe('retention by number', () => {
  it('keeps the newest events of each project', async () => {
    const datastore = await aDatastore({ RETENTION_MAX_EVENTS_PER_PROJECT: '5' });
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      const event = anEvent({
        time: daysAgo(20 - index),
        shkeptncontext: `run-${index >> 1}`,
        data: { project: 'busy' },
      });
      await datastore.store(event);
      ids.unshift(event.id);
    }
    for (let index = 0; index < 5; index++) await datastore.store(anEvent({ data: { project: 'calm' } }));
    await untilCount(datastore, 5, { project: 'busy' });
    expect(idsOf(await datastore.page({ project: 'busy' }))).toEqual(ids.slice(0, 5));
    await untilCount(datastore, 3, { project: 'busy', root: 'true' });
    expect(await countOf(datastore, { project: 'calm' })).toBe(5);
  });
});

describe('an event that expires', () => {
  it('is kept until the readers that have announced themselves have read it', async () => {
    const before = await aDatastore({});
    await storeArrived(before, 2);
    const last = await storeArrived(before, 2);
    const announce = (datastore: Datastore, position: number) =>
      datastore.call('/reader/event-broker', {
        method: 'PUT',
        body: JSON.stringify({ position }),
        headers: { 'content-type': 'application/json' },
      });
    expect((await announce(before, last - 1)).status).toBe(200);
    const datastore = await restarted(before, { RETENTION_MAX_AGE: '1d' });
    await untilCount(datastore, 1);
    await announce(datastore, last);
    await untilCount(datastore, 0);
  });

  it('confuses no stream: whoever comes back behind it gets what came since', async () => {
    const before = await aDatastore({});
    const sequence = await storeArrived(before, 2);
    await storeArrived(before, 2);
    const datastore = await restarted(before, { RETENTION_MAX_AGE: '1d' });
    await untilCount(datastore, 0);
    const kept = anEvent();
    await datastore.store(kept);
    const answer = await fetch(`${datastore.url}/event/stream?lastEventId=${sequence}`, {
      headers: { 'x-token': 'a-token-for-these-tests' },
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data: ')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    expect(text).toContain(kept.id);
  });

  it('may be stored again, also with other content', async () => {
    const before = await aDatastore({});
    const event = anEvent();
    const first = await storeArrived(before, 2, event);
    const datastore = await restarted(before, { RETENTION_MAX_AGE: '1d' });
    await untilCount(datastore, 0);
    const second = await datastore.store({ ...event, data: { project: 'other' } });
    expect(second.sequence).toBeGreaterThan(first);
  });
});

describe('without retention', () => {
  it('nothing is removed, however old', async () => {
    const datastore = await aDatastore({});
    const { sequence } = await datastore.store(anEvent({ time: daysAgo(20_000) }));
    expect(sequence).toBe(1);
    expect(await countOf(datastore)).toBe(1);
  });
});

describe('the settings', () => {
  it.each([
    ['RETENTION_MAX_AGE', '90', 'must be an age such as 90d'],
    ['RETENTION_MAX_EVENTS_PER_PROJECT', '0', 'must be a number of events of at least 1'],
  ])('refuse %s=%s', async (name, value, message) => {
    await expect(Datastore.start({ [name]: value })).rejects.toThrow(message);
  });
});
