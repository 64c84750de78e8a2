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
    ['change streams', { aggregate: 'things', pipeline: [{ $changeStream: {} }], cursor: {} }],
    ['$out', { aggregate: 'things', pipeline: [{ $out: 'other' }], cursor: {} }],
    ['text indexes', { createIndexes: 'things', indexes: [{ key: { a: 'text' }, name: 'a_text' }] }],
    ['TTL indexes', { createIndexes: 'things', indexes: [{ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }] }],
    ['capped collections', { create: 'capped', capped: true, size: 100 }],
    ['validators', { create: 'validated', validator: { a: 1 } }],
  ];

  it.each(refusals)('is refused with a hint to a real MongoDB: %s', async (_name, command) => {
    await expect(test.db.command(command)).rejects.toMatchObject({
      codeName: 'CommandNotSupported',
      message: expect.stringContaining('MONGODB_URI') as string,
    });
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
