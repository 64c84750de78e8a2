import { type Collection } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine';

describe('callers at the same time', () => {
  let test: TestEngine;
  let things: Collection;
  beforeAll(async () => {
    test = await startTestEngine();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    things = test.db.collection('things');
    await things.drop();
  });

  const fifty = <T>(call: (i: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: 50 }, (_, i) => call(i)));

  it('never lose an increment', async () => {
    await things.insertOne({ _id: 'counter' as never, n: 0 });
    await fifty(async () => {
      for (let i = 0; i < 10; i++) await things.updateOne({ _id: 'counter' as never }, { $inc: { n: 1 } });
    });
    expect(await things.findOne({})).toMatchObject({ n: 500 });
  });

  it('draw distinct numbers from a counter', async () => {
    const drawn = await fifty(() =>
      things.findOneAndUpdate({ _id: 'seq' as never }, { $inc: { n: 1 } }, { upsert: true, returnDocument: 'after' }),
    );
    expect(drawn.map((document) => Number(document?.['n'])).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });

  it('make one document by upserts of the same key', async () => {
    await things.createIndex({ key: 1 }, { unique: true }, {});
    const results = await fifty((i) => things.updateOne({ key: 'k' }, { $setOnInsert: { by: i } }, { upsert: true }));
    expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).toHaveLength(1);
    expect(await things.countDocuments({})).toBe(1);
  });

  it('insert a unique key once', async () => {
    await things.createIndex({ key: 1 }, { unique: true }, {});
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => things.insertOne({ key: 'k' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('are answered while a long scan runs', async () => {
    await things.insertMany(Array.from({ length: 20_000 }, (_, i) => ({ i, text: 'x'.repeat(50) })));
    const progress = { isScanning: true };
    let answered = 0;
    const scan = things
      .find({ text: 'none' })
      .toArray()
      .finally(() => {
        progress.isScanning = false;
      });
    while (progress.isScanning) {
      await test.db.command({ ping: 1 });
      answered++;
    }
    await scan;
    expect(answered).toBeGreaterThan(3);
  });

  it('change each document once when no index leads to it', async () => {
    await things.insertMany(Array.from({ length: 2500 }, (_, i) => ({ i, state: i % 100 === 0 ? 'open' : 'done' })));
    const taken = await fifty((i) =>
      i % 2 === 0
        ? things.updateOne({ state: 'open' }, { $set: { state: 'taken' } }).then(({ modifiedCount }) => modifiedCount)
        : things.findOneAndDelete({ state: 'open' }, { sort: { i: -1 } }).then((found) => Number(found !== null)),
    );
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(25);
    expect(await things.countDocuments({ state: 'open' })).toBe(0);
    expect((await things.updateOne({ state: 'open' }, { $set: { made: true } }, { upsert: true })).upsertedCount).toBe(
      1,
    );
  });

  it('take tasks from a queue without taking one twice', async () => {
    await things.insertMany(Array.from({ length: 100 }, (_, i) => ({ i, state: 'open' })));
    await things.createIndex({ state: 1, i: 1 }, {}, {});
    const taken = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine: number[] = [];
        for (;;) {
          const task = await things.findOneAndUpdate(
            { state: 'open' },
            { $set: { state: 'taken' } },
            { sort: { i: 1 } },
          );
          if (task === null) return mine;
          mine.push(Number(task['i']));
        }
      }),
    );
    expect(taken.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});
