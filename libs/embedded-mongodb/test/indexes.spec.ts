import { type Collection, type Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine';

describe('indexes', () => {
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

  /** The stages of the winning plan, outermost first, with the index. */
  async function plan(filter: Document, options: Document = {}): Promise<string> {
    const { queryPlanner } = await things.find(filter, options).explain('queryPlanner');
    const stages: string[] = [];
    for (
      let stage: Document | undefined = (queryPlanner as Document)['winningPlan'] as Document;
      stage !== undefined;
    ) {
      stages.push([stage['stage'], stage['indexName']].filter(Boolean).join(' '));
      stage = (stage['inputStage'] ?? (stage['inputStages'] as Document[] | undefined)?.[0]) as Document | undefined;
    }
    return stages.join(' < ');
  }

  it('are chosen by equality, order and range', async () => {
    await things.insertMany(Array.from({ length: 200 }, (_, i) => ({ p: i % 5, type: i % 7, time: i, tags: [i % 3] })));
    await things.createIndexes([
      { key: { time: -1 } },
      { key: { p: 1, time: -1 } },
      { key: { p: 1, type: 1, time: -1 } },
      { key: { tags: 1, time: 1 } },
    ]);
    expect(await plan({ _id: 5 as never })).toBe('IDHACK _id_');
    expect(await plan({ p: 1 }, { sort: { time: -1 }, limit: 5 })).toBe('LIMIT < FETCH < IXSCAN p_1_time_-1');
    expect(await plan({ p: 1, type: 2 }, { sort: { time: -1 } })).toBe('FETCH < IXSCAN p_1_type_1_time_-1');
    expect(await plan({ p: 1, type: { $in: [2, 3] } }, { sort: { time: -1 } })).toBe(
      'FETCH < SORT_MERGE < IXSCAN p_1_type_1_time_-1',
    );
    expect(await plan({}, { sort: { time: 1 } })).toBe('FETCH < IXSCAN time_-1');
    expect(await plan({ time: { $gt: 3 } })).toBe('FETCH < IXSCAN time_-1');
    expect(await plan({ tags: 1 }, { sort: { time: 1 } })).toBe('FETCH < IXSCAN tags_1_time_1');
    expect(await plan({ other: 1 })).toBe('COLLSCAN');
    expect(await plan({ p: 1 }, { sort: { type: -1, other: 1 } })).toMatch(/^SORT < FETCH < IXSCAN p_1/);
  });

  it('answer counts of a range', async () => {
    await things.insertMany(Array.from({ length: 50 }, (_, i) => ({ p: i % 5, time: i })));
    await things.createIndex({ p: 1, time: 1 }, {}, {});
    expect(await things.countDocuments({ p: 1, time: { $gte: 10 } })).toBe(8);
  });

  it('treat a missing field of a unique index as null, unless they are sparse or partial', async () => {
    await things.createIndex({ a: 1 }, { unique: true }, {});
    await things.insertOne({});
    await expect(things.insertOne({})).rejects.toMatchObject({ code: 11000, keyValue: { a: null } });
    await expect(things.insertOne({ a: null })).rejects.toMatchObject({ code: 11000 });
    await things.createIndex({ b: 1 }, { unique: true, sparse: true }, {});
    await things.createIndex({ c: 1 }, { unique: true, partialFilterExpression: { live: true } }, {});
    await things.insertMany([
      { a: 1, c: 1, live: true },
      { a: 2, c: 1 },
      { a: 3, c: 1 },
    ]);
    await expect(things.updateOne({ a: 2 }, { $set: { live: true } })).rejects.toMatchObject({
      code: 11000,
      keyValue: { c: 1 },
    });
    await expect(
      things.insertMany([
        { a: 4, b: [1, 1, 2] },
        { a: 5, b: [2] },
      ]),
    ).rejects.toMatchObject({ code: 11000 });
    expect(await things.countDocuments({})).toBe(5);
  });

  it('follow every change of a document, also from no value to null', async () => {
    await things.createIndexes([
      { key: { a: 1 }, sparse: true, unique: true },
      { key: { 'in.x': 1, b: 1 } },
      { key: { c: 1 }, partialFilterExpression: { d: { $gt: 1 } } },
    ]);
    await things.insertOne({ _id: 1 as never, b: 1, c: 1, d: 1, in: { x: 1 } });
    await things.updateOne({ b: 1 }, { $set: { a: null } });
    await expect(things.insertOne({ a: null })).rejects.toThrow('E11000');
    await things.updateOne({ b: 1 }, { $set: { 'in.x': 2, d: 2 } });
    for (const [filter, index, count] of [
      [{ 'in.x': 2, b: 1 }, 'in.x_1_b_1', 1],
      [{ 'in.x': 1, b: 1 }, 'in.x_1_b_1', 0],
      [{ c: 1, d: { $gt: 1 } }, 'c_1', 1],
    ] as const) {
      expect(await plan(filter)).toBe(`FETCH < IXSCAN ${index}`);
      expect(await things.countDocuments(filter)).toBe(count);
    }
  });

  it('that are partial or sparse are only used where they hold all matches', async () => {
    await things.insertMany([{ a: 1, live: true }, { a: 1 }, { b: 1 }, {}]);
    await things.createIndex({ a: 1 }, { partialFilterExpression: { live: true } }, {});
    await things.createIndex({ b: 1 }, { sparse: true }, {});
    expect(await plan({ a: 1, live: true })).toBe('FETCH < IXSCAN a_1');
    expect(await plan({ a: 1 })).toBe('COLLSCAN');
    expect(await plan({ b: 1 })).toBe('FETCH < IXSCAN b_1');
    expect(await plan({ b: null })).toBe('COLLSCAN');
    expect(await things.countDocuments({ b: null })).toBe(3);
    expect(await things.find({}, { sort: { b: 1 } }).toArray()).toHaveLength(4);
  });

  it('take values longer than a key of the store, uniquely too', async () => {
    const long = 'x'.repeat(10_000);
    await things.createIndex({ text: 1 }, { unique: true }, {});
    await things.insertMany([{ text: `${long}1` }, { text: `${long}2` }, { text: 'short' }]);
    await expect(things.insertOne({ text: `${long}1` })).rejects.toMatchObject({ code: 11000 });
    expect(await things.countDocuments({ text: `${long}1` })).toBe(1);
    expect(await things.countDocuments({ text: { $gt: `${long}1` } })).toBe(1);
    const sorted = await things.find({}, { sort: { text: -1 } }).toArray();
    expect(sorted.map((document) => String(document['text']).slice(-1))).toEqual(['2', '1', 't']);
  });

  it('are not left behind when building one finds duplicates', async () => {
    await things.insertMany([{ a: 1 }, { a: 1 }]);
    await expect(things.createIndex({ a: 1 }, { unique: true }, {})).rejects.toMatchObject({ code: 11000 });
    expect(await things.indexes()).toHaveLength(1);
    await things.createIndex({ a: 1 }, {}, {});
    await expect(things.createIndex({ a: 1 }, { unique: true }, {})).rejects.toMatchObject({
      codeName: 'IndexKeySpecsConflict',
    });
    await things.dropIndex('a_1');
    expect(await plan({ a: 1 })).toBe('COLLSCAN');
  });

  it('are built once for all who ask for them, who are all told of duplicates', async () => {
    await things.insertMany(Array.from({ length: 500 }, (_, i) => ({ a: i % 499 })));
    const builds = await Promise.allSettled([1, 2, 3].map(() => things.createIndex({ a: 1 }, { unique: true }, {})));
    expect(builds.map((build) => build.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await things.indexes()).toHaveLength(1);
  });

  it('are not said to be built when they are dropped meanwhile', async () => {
    await things.insertMany(Array.from({ length: 3000 }, (_, i) => ({ i })));
    const building = things.createIndex({ i: 1 }, {}, {});
    await test.db.command({ ping: 1 });
    const [build] = await Promise.allSettled([building, things.drop()]);
    expect(build).toMatchObject({ status: 'rejected', reason: { codeName: 'IndexBuildAborted' } });
  });

  it('end cursors when they are dropped, and a delete finds the rest without them', async () => {
    await things.insertMany(Array.from({ length: 5000 }, (_, i) => ({ i })));
    await things.createIndex({ i: 1 }, {}, {});
    const cursor = things.find({ i: { $gte: 0 } }, { batchSize: 10 });
    await cursor.next();
    const [{ deletedCount }] = await Promise.all([things.deleteMany({ i: { $gte: 0 } }), things.dropIndex('i_1')]);
    await expect(cursor.toArray()).rejects.toMatchObject({ codeName: 'QueryPlanKilled' });
    expect(deletedCount).toBe(5000);
  });

  it('are complete when documents are written while they are built', async () => {
    await things.insertMany(Array.from({ length: 3000 }, (_, i) => ({ i })));
    const building = things.createIndex({ i: 1 }, {}, {});
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0 ? things.insertOne({ i: 10_000 + i }) : things.deleteOne({ i }),
      ),
    );
    await building;
    expect(await plan({ i: { $gte: 0 } })).toBe('FETCH < IXSCAN i_1');
    expect(await things.countDocuments({ i: { $gte: 0 } })).toBe((await things.find({}).toArray()).length);
  });

  it('refuse a document with too many keys, as MongoDB does, and take long arrays', async () => {
    await things.createIndex({ 'a.b': 1, 'a.c': 1 }, {}, {});
    const elements = Array.from({ length: 400 }, (_, i) => ({ b: i, c: i }));
    await expect(things.insertOne({ a: elements })).rejects.toMatchObject({ code: 201 });
    await things.createIndex({ tags: 1 }, {}, {});
    await things.insertOne({ tags: Array.from({ length: 30_000 }, (_, i) => i) });
    await things.updateOne({}, { $push: { tags: -1 } as never });
    expect(await things.countDocuments({ tags: -1 })).toBe(1);
  });

  it('refuse arrays at two paths, as MongoDB does', async () => {
    await things.createIndex({ a: 1, b: 1 }, {}, {});
    await expect(things.insertOne({ a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
  });
});
