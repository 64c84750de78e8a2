import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Int32 } from 'bson';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventLoopShare } from '../src/query/event-loop-share';
import { parseFilter } from '../src/filter/filter';
import { parseSort } from '../src/keys/sort-order';
import { startEmbeddedMongodb } from '../src/index';
import { Store } from '../src/query/store';

/** Several times the number of documents after which a scan offers to pause. */
const DOCUMENTS = 1_000;

/** As on a machine so busy that every occasion to pause is taken. */
const ALWAYS_USED_UP = { isUsedUp: true } as EventLoopShare;

describe('a query that pauses whenever it can', () => {
  let folder: string;
  let store: Store;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
    const engine = await startEmbeddedMongodb({ folder });
    const client = await MongoClient.connect(engine.uri('test'));
    const things = client.db('test').collection('things');
    await things.createIndex({ group: 1, n: -1 });
    await things.insertMany(Array.from({ length: DOCUMENTS }, (_, n) => ({ group: n % 2, n })));
    await client.close();
    await engine.close();
    store = new Store(folder);
    await store.open();
  });

  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const numbers = Array.from({ length: DOCUMENTS }, (_, n) => n);
  const downwards = [...numbers].reverse();

  it.each([
    ['in the order of insertion', {}, {}, numbers],
    ['in the order of an index', { group: new Int32(1) }, { n: -1 }, downwards.filter((n) => n % 2 === 1)],
    ['of two groups of an index, merged', { group: { $in: [new Int32(0), new Int32(1)] } }, { n: -1 }, downwards],
    ['sorted in memory', {}, { n: -1 }, downwards],
  ])('gives each document once, %s', (_what, filter, sort, expected) => {
    const collection = store.catalog.find('test', 'things');
    if (collection === undefined) throw new Error('the collection is missing');
    const specification = { filter: parseFilter(filter), sort: parseSort(sort), skip: 0, limit: 0 };
    const stream = store.stream(collection, store.plan(collection, specification));
    const found: number[] = [];
    const accept = ({ document }: { document: Readonly<Record<string, unknown>> }): boolean =>
      found.push(Number(document['n'])) > 0;
    while (stream.pull(accept, ALWAYS_USED_UP) === 'paused');
    expect(found).toEqual(expected);
  });
});
