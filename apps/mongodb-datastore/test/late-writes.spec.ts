import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anEvent, Datastore, freshDatabase } from './datastore';

const GAP_MS = 1_000;

let one: Datastore;
let other: Datastore;

beforeEach(async () => {
  const [environment, uri] = [{ SEQUENCE_GAP_MS: String(GAP_MS) }, freshDatabase()];
  one = await Datastore.start(environment, uri);
  other = await Datastore.start(environment, uri);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await one.close();
  await other.close();
});

/**
 * Has the next writes of events take so long, as they do on a database whose connections are all in use.
 *
 * @returns a promise that resolves when the first of them begins
 */
function delayWrites(milliseconds: number, count: number): Promise<void> {
  const insertMany = Reflect.get(mongo.Collection.prototype, 'insertMany') as (...parts: unknown[]) => Promise<unknown>;
  const slow = vi.spyOn(mongo.Collection.prototype, 'insertMany');
  return new Promise((resolve) => {
    for (let write = 0; write < count; write++) {
      slow.mockImplementationOnce(async function (this: unknown, ...parts: unknown[]) {
        resolve();
        await delay(milliseconds);
        return insertMany.apply(this, parts) as never;
      });
    }
  });
}

it('an event that becomes visible after readers have passed over its number gets another one', async () => {
  const begun = delayWrites(2 * GAP_MS, 1);
  const late = one.store(anEvent({ id: 'late' }));
  await begun;
  const inTime = await other.store(anEvent({ id: 'in time' }));
  expect((await late).sequence).toBeGreaterThan(inTime.sequence);
  const { json } = await other.get('/event/late');
  expect(json).toMatchObject({ id: 'late' });
});

it('an event that is late again and again is refused, and leaves nothing behind', async () => {
  void delayWrites(GAP_MS, 3);
  const { status } = await one.post(anEvent({ id: 'late' }));
  expect(status).toBe(503);
  expect((await other.get('/event/late')).status).toBe(404);
});
