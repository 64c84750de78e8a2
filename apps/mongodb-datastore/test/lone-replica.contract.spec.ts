import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, Datastore, freshDatabase, TOKEN } from './datastore';

/** Readers that wait for a missing number wait for longer than a test. */
const ALONE = { ONLY_REPLICA: 'true', SEQUENCE_GAP_MS: '600000' };
const MANY = 250;

let uri: string;
let datastore: Datastore;

beforeEach(async () => {
  uri = freshDatabase();
  datastore = await Datastore.start(ALONE, uri);
});
afterEach(() => datastore.close());

/** The ids of the events that a stream gives behind a number, until it has given so many. */
async function streamed(behind: number, count: number): Promise<string[]> {
  const headers = { 'x-token': TOKEN, 'last-event-id': String(behind) };
  const response = await fetch(`${datastore.url}/event/stream`, { headers });
  let text = '';
  const decoder = new TextDecoder();
  const ids = (): string[] =>
    [...text.matchAll(/^data: ?(.*)\n\n/gm)].map(([, data = '']) => (JSON.parse(data) as { id: string }).id);
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (ids().length >= count) break;
  }
  return ids();
}

describe('a replica that is alone', () => {
  it('gives events that come at once numbers without a gap', async () => {
    const stored = await Promise.all(Array.from({ length: MANY }, () => datastore.store(anEvent())));
    const sequences = stored.map(({ sequence }) => sequence).sort((one, other) => one - other);
    expect(sequences).toEqual(Array.from({ length: MANY }, (_, index) => index + 1));
  });

  it('goes on behind all numbers that one before it may have given, and its readers do not wait for those', async () => {
    const first = await datastore.store(anEvent());
    await datastore.stop();
    datastore = await Datastore.start(ALONE, uri);
    const following = streamed(first.sequence, 2);
    const [second, third] = [await datastore.store(anEvent()), await datastore.store(anEvent())];
    expect(second.sequence).toBeGreaterThan(first.sequence);
    expect(third.sequence).toBe(second.sequence + 1);
    expect(await following).toEqual([second.id, third.id]);
    expect((await datastore.get('/reader/position')).json).toEqual({ position: third.sequence });
  });

  it('gives no number again whose event is gone', async () => {
    await datastore.store(anEvent());
    const { sequence } = await datastore.store(anEvent());
    await datastore.stop();
    const connection = await mongoose.createConnection(uri).asPromise();
    await connection.collection('events').deleteMany({});
    await connection.close();
    datastore = await Datastore.start(ALONE, uri);
    expect((await datastore.store(anEvent())).sequence).toBeGreaterThan(sequence);
  });
});
