import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

type Insert = (records: readonly { readonly id?: string }[], ...rest: readonly unknown[]) => Promise<unknown>;

/**
 * Has what is done around each insert of the event `late` take its time.
 *
 * @param before as where all connections of a database are in use
 * @param after as where a majority acknowledges late
 */
function slowDown({ before, after }: { readonly before?: () => Promise<void>; readonly after?: () => Promise<void> }) {
  const insertMany = Reflect.get(mongo.Collection.prototype, 'insertMany') as unknown as Insert;
  const slow = async function (this: unknown, ...[records, ...rest]: Parameters<Insert>) {
    const isLate = records.some(({ id }) => id === 'late');
    if (isLate) await before?.();
    const outcome = await insertMany.call(this, records, ...rest);
    if (isLate) await after?.();
    return outcome;
  };
  vi.spyOn(mongo.Collection.prototype, 'insertMany').mockImplementation(slow as never);
}

describe('an event that becomes visible late', () => {
  it('gets another number when readers may have passed over its own', async () => {
    let isFirst = true;
    const numbers: number[] = [];
    slowDown({
      before: async () => {
        if (!isFirst) return;
        isFirst = false;
        numbers.push((await other.store(anEvent())).sequence);
        await delay(2 * GAP_MS);
      },
    });
    const { sequence } = await one.store(anEvent({ id: 'late' }));
    expect(sequence).toBeGreaterThan(numbers[0] ?? Infinity);
    expect((await other.get('/event/late')).json).toMatchObject({ id: 'late' });
  });

  it('is refused when that happens again and again, and leaves nothing behind', async () => {
    slowDown({
      before: async () => {
        await other.store(anEvent());
        await delay(GAP_MS);
      },
    });
    expect((await one.post(anEvent({ id: 'late' }))).status).toBe(503);
    expect((await other.get('/event/late')).status).toBe(404);
  });

  it('keeps its number where nobody has a higher one', async () => {
    slowDown({ before: () => delay(2 * GAP_MS) });
    const { sequence } = await one.store(anEvent({ id: 'late' }));
    expect((await other.store(anEvent())).sequence).toBe(sequence + 1);
  });

  it('keeps its number where it is its acknowledgement that is late', async () => {
    const numbers: number[] = [];
    slowDown({
      after: async () => {
        numbers.push((await other.store(anEvent())).sequence);
        await delay(2 * GAP_MS);
      },
    });
    const { sequence } = await one.store(anEvent({ id: 'late' }));
    expect(numbers).toEqual([sequence + 1]);
  });
});
