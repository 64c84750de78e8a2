import { type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine';

describe('what the embedded store lacks', () => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await startTestEngine();
    await test.db.collection('things').insertOne({ a: 1 });
  });
  afterAll(() => test.close());

  const refusals: [string, Document][] = [
    ['collation', { find: 'things', filter: {}, collation: { locale: 'de' } }],
    ['$where', { find: 'things', filter: { $where: 'true' } }],
    ['$text', { find: 'things', filter: { $text: { $search: 'x' } } }],
    ['$near', { find: 'things', filter: { at: { $near: [1, 2] } } }],
    [
      '$function',
      {
        aggregate: 'things',
        pipeline: [{ $project: { x: { $function: { body: 'x', args: [], lang: 'js' } } } }],
        cursor: {},
      },
    ],
    ['$accumulator', { aggregate: 'things', pipeline: [{ $group: { _id: 1, x: { $accumulator: {} } } }], cursor: {} }],
    ['$changeStream', { aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: {} }],
    ['$out', { aggregate: 'things', pipeline: [{ $out: 'other' }], cursor: {} }],
    ...['$expr', '$nor', '$jsonSchema'].map((name): [string, Document] => [
      name,
      { find: 'things', filter: { [name]: {} } },
    ]),
    ...['$all', '$mod', '$not', '$size', '$type', '$bitsAllSet'].map((name): [string, Document] => [
      name,
      { find: 'things', filter: { a: { [name]: 1 } } },
    ]),
    ['the positional projection a.$', { find: 'things', projection: { 'a.$': 1 } }],
    ['$elemMatch in the projection', { find: 'things', projection: { a: { $elemMatch: { b: 1 } } } }],
    ['$natural', { find: 'things', sort: { $natural: -1 } }],
    ['hint', { find: 'things', filter: {}, hint: 'a_1' }],
    ['let', { aggregate: 'things', pipeline: [{ $count: 'n' }], cursor: {}, let: { x: 1 } }],
    ...['$lookup', '$facet', '$unionWith', '$setWindowFields', '$merge'].map((name): [string, Document] => [
      name,
      { aggregate: 'things', pipeline: [{ [name]: {} }], cursor: {} },
    ]),
    ['explain of aggregate', { explain: { aggregate: 'things', pipeline: [], cursor: {} } }],
    ['an index of type text', { createIndexes: 'things', indexes: [{ key: { a: 'text' }, name: 'a_text' }] }],
    [
      'expireAfterSeconds',
      { createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }] },
    ],
    ['capped', { create: 'capped', capped: true, size: 100 }],
    ['validator', { create: 'validated', validator: { a: 1 } }],
  ];

  const refusedUpdates: [string, Document | Document[], Document?][] = [
    ...['$bit', '$currentDate', '$mul', '$pop', '$rename'].map((name): [string, Document] => [
      name,
      { [name]: { a: 1 } },
    ]),
    ['$slice of the update operator $push', { $push: { a: { $each: [], $slice: 1 } } }],
    ["$ in the update path 'a.$.b'", { $set: { 'a.$.b': 1 } }],
    ["$[] in the update path 'a.$[].b'", { $set: { 'a.$[].b': 1 } }],
    ['arrayFilters', { $set: { a: 2 } }, { arrayFilters: [{ e: 1 }] }],
    ['an update by a pipeline', [{ $set: { a: 1 } }]],
    ['hint', { $set: { a: 1 } }, { hint: 'a_1' }],
  ];

  it.each(refusals)('is refused by its name with a hint to a real MongoDB: %s', async (name, command) => {
    const refusal = test.db.command(command);
    await expect(refusal).rejects.toMatchObject({ codeName: 'CommandNotSupported' });
    await expect(refusal).rejects.toThrow(name);
    await expect(refusal).rejects.toThrow('MONGODB_URI');
  });

  it.each(refusedUpdates)('is refused in an update: %s', async (name, change, options = {}) => {
    const things = test.db.collection('things');
    for (const update of [
      () => things.updateOne({ a: 1 }, change, options),
      () => things.updateMany({ a: 1 }, change, options),
      () => things.findOneAndUpdate({ a: 1 }, change, options),
    ]) {
      const refusal = update();
      await expect(refusal).rejects.toMatchObject({ code: 115 });
      await expect(refusal).rejects.toThrow(name);
    }
    expect(await things.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ a: 1 }]);
  });

  it('is an unknown command', async () => {
    await expect(test.db.command({ mapReduce: 'things' })).rejects.toMatchObject({
      code: 59,
      message: expect.stringContaining('MONGODB_URI') as string,
    });
  });

  it('is shown to drivers: a standalone server without retryable writes', async () => {
    const hello = await test.db.command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, maxWireVersion: 21 });
    expect(hello).not.toHaveProperty('setName');
  });

  it('does not keep tools from asking what they ask at their start', async () => {
    const admin = test.client.db('admin');
    for (const command of [
      'buildInfo',
      'serverStatus',
      'connectionStatus',
      'getCmdLineOpts',
      'hostInfo',
      'ping',
      'listDatabases',
    ]) {
      expect(await admin.command({ [command]: 1 })).toMatchObject({ ok: 1 });
    }
    expect(await admin.command({ getParameter: 1, featureCompatibilityVersion: 1 })).toMatchObject({
      featureCompatibilityVersion: { version: '7.0' },
    });
    expect(await test.db.command({ dbStats: 1 })).toMatchObject({ collections: 1, objects: 1 });
  });
});
