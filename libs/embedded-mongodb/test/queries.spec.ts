import { type Collection, type Document, Double, Int32, Long } from 'mongodb';
import fc from 'fast-check';
import { Query } from 'mingo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareValues } from '../src/bson/compare';
import { readTyped, type TypedDocument, typedValue, writeDocument } from '../src/bson/document';
import { parseFilter } from '../src/filter/filter';
import { compileFilter } from '../src/filter/matcher';
import { parseSort, sortKey } from '../src/keys/sort-order';
import { startTestEngine, type TestEngine } from './engine';

const scalar = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 4 }).map((value) => new Double(value + 0.5)),
  fc.integer({ min: 0, max: 4 }).map((value) => Long.fromNumber(value)),
  fc.constantFrom('a', 'b', 'ba', '', null, true, new Date(5), new Date(6)),
);
const value = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });
/** True for a document that every index takes: MongoDB refuses arrays at two paths of one index. */
const hasOneArray = (document: Document): boolean =>
  Object.values(document).filter((field) => JSON.stringify(field).includes('[')).length <= 1;
const nested = fc.oneof(
  fc.record({ x: value }, { requiredKeys: [] }),
  scalar,
  fc.array(fc.record({ x: scalar }, { requiredKeys: [] }), { maxLength: 2 }),
);
/** Makes a document large enough not to be decoded as a whole. */
const padding = fc.constant('x'.repeat(2_000));
const documents = fc.array(
  fc.record({ padding, a: value, b: value, n: nested }, { requiredKeys: [] }).filter(hasOneArray),
  { minLength: 1, maxLength: 25 },
);

const path = fc.constantFrom('a', 'b', 'n.x', 'n');
const condition: fc.Arbitrary<unknown> = fc.oneof(
  scalar,
  fc.record({ $eq: value }),
  fc.record({ $ne: scalar }),
  fc.record({ $gt: scalar }),
  fc.record({ $gte: scalar, $lt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ $nin: fc.array(scalar, { maxLength: 2 }) }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $elemMatch: fc.record({ x: fc.oneof(scalar, fc.record({ $gte: scalar })) }) }),
  fc.constant({ $regex: '^b' }),
);
const field = fc.tuple(path, condition).map(([name, wanted]) => ({ [name]: wanted }));
const filters: fc.Arbitrary<Document> = fc.oneof(
  field,
  fc.tuple(field, field).map(([left, right]) => ({ ...left, ...right })),
  fc.tuple(field, fc.array(field, { minLength: 1, maxLength: 3 })).map(([left, any]) => ({ ...left, $or: any })),
  fc.tuple(field, field).map((both) => ({ $and: both })),
);
const sorts = fc.constantFrom<Document>({}, { a: 1 }, { a: -1, b: 1 }, { b: -1, a: 1 }, { b: 1 }, { 'n.x': -1, a: 1 });
const indexes = fc.subarray<Document>(
  [{ a: 1 }, { a: 1, b: -1 }, { b: -1, a: 1 }, { 'n.x': -1, a: 1 }, { b: 1, 'n.x': 1 }, { a: -1, n: 1 }],
  { minLength: 1 },
);

/** What the query means, without any index: every document tested, then sorted. */
function expected(stored: readonly Document[], filter: Document, sort: Document): TypedDocument[] {
  const matches = compileFilter(parseFilter(typedValue(filter) as TypedDocument));
  const components = parseSort(sort);
  return stored
    .map((document) => readTyped(writeDocument(document)))
    .filter(matches)
    .map((document) => ({ document, key: sortKey(document, components) }))
    .sort((left, right) => Buffer.compare(left.key, right.key))
    .map(({ document }) => document);
}

describe('queries with indexes', () => {
  let test: TestEngine;
  let collection: Collection;

  beforeAll(async () => {
    test = await startTestEngine();
    collection = test.db.collection('things');
  });
  afterAll(() => test.close());

  async function fill(stored: readonly Document[], keys: readonly Document[]): Promise<void> {
    await collection.drop();
    await collection.insertMany(stored.map((document) => ({ ...document })));
    await collection.createIndexes(keys.map((key) => ({ key: key })));
  }

  it('find what a test of every document finds, in the same order, for any documents, filters, sorts and indexes', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(fc.tuple(filters, sorts), { minLength: 8, maxLength: 8 }),
        indexes,
        async (given, queries, keys) => {
          const stored = given.map((document, _id) => ({ _id: new Int32(_id), ...document }));
          await fill(stored, keys);
          for (const [filter, sort] of queries) {
            const wanted = expected(stored, filter, sort);
            const found = await collection.find(filter, { sort, batchSize: 3, promoteValues: false }).toArray();
            const ids = (list: readonly Document[]): string[] => list.map(({ _id }) => String(_id));
            expect([...ids(found)].sort()).toEqual([...ids(wanted)].sort());
            const key = (document: Document): string => sortKey(document, parseSort(sort)).toString('hex');
            expect(found.map(key)).toEqual(wanted.map(key));
            expect(await collection.countDocuments(filter)).toBe(wanted.length);
            const page = await collection.find(filter, { sort, skip: 2, limit: 3, promoteValues: false }).toArray();
            expect(page.map(key)).toEqual(wanted.slice(2, 5).map(key));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('match as mingo does where mingo follows MongoDB: scalars, documents without arrays', () => {
    const plain = fc.record({
      a: fc.integer({ min: 0, max: 4 }),
      b: fc.constantFrom('x', 'y', 'z'),
      n: fc.record({ x: fc.integer({ min: 0, max: 3 }) }),
    });
    const number = fc.integer({ min: 0, max: 4 });
    const simple = fc.oneof(
      fc.record({
        a: fc.oneof(
          number,
          fc.record({ $gt: number }),
          fc.record({ $lte: number }),
          fc.record({ $in: fc.array(number) }),
        ),
      }),
      fc.record({ 'n.x': fc.oneof(number, fc.record({ $ne: number }), fc.record({ $nin: fc.array(number) })) }),
      fc.record({
        b: fc.oneof(fc.constantFrom('x', 'y'), fc.constant({ $regex: '[xy]' }), fc.record({ $exists: fc.boolean() })),
      }),
    );
    const combined = fc.oneof(
      simple,
      fc.array(simple, { minLength: 1 }).map(($or) => ({ $or })),
      fc.array(simple, { minLength: 1 }).map(($and) => ({ $and })),
    );
    fc.assert(
      fc.property(plain, combined, (document, filter) => {
        const matches = compileFilter(parseFilter(typedValue(filter) as TypedDocument));
        expect(matches(readTyped(writeDocument(document)))).toBe(new Query(filter, {}).test(document));
      }),
    );
  });

  it('page by key through equal times without gaps or repeats, reading no more than the page', async () => {
    const stored = Array.from({ length: 300 }, (_, seq) => ({ a: seq % 2, time: new Date(Math.floor(seq / 20)), seq }));
    await fill(stored, [{ a: 1, time: -1, seq: -1 }]);
    const seen: number[] = [];
    let after: Document = {};
    for (;;) {
      const query = collection
        .find({ a: 1, ...after })
        .sort({ time: -1, seq: -1 })
        .limit(7);
      const { executionStats } = await query.clone().explain();
      expect((executionStats as Document)['totalKeysExamined']).toBeLessThanOrEqual(7);
      const page = await query.toArray();
      const last = page.at(-1);
      if (last === undefined) break;
      seen.push(...page.map((document) => Number(document['seq'])));
      after = {
        $or: [
          { time: { $lt: last['time'] as Date } },
          { time: last['time'] as Date, seq: { $lt: Number(last['seq']) } },
        ],
      };
    }
    expect(seen).toEqual(
      stored
        .map(({ seq }) => seq)
        .filter((seq) => seq % 2 === 1)
        .reverse(),
    );
  });

  it('give each document once by a cursor while documents are changed and inserted', async () => {
    await fill(
      Array.from({ length: 400 }, (_, rank) => ({ _id: new Int32(rank), rank })),
      [{ rank: 1 }],
    );
    const seen: number[] = [];
    for await (const document of collection.find({ rank: { $gte: 0 } }, { sort: { rank: 1 }, batchSize: 10 })) {
      seen.push(Number(document._id));
      if (seen.length % 10 === 0) {
        await collection.updateOne({ _id: document._id }, { $inc: { rank: 100_000 } });
        await collection.insertOne({ rank: -1 });
      }
    }
    expect(seen).toHaveLength(400);
    expect(new Set(seen).size).toBe(400);
  });

  it('sort mixed types in MongoDB order', async () => {
    const mixed = ['b', 3, null, true, { x: 1 }, 'a', new Date(0), 1];
    await fill(
      mixed.map((v, _id) => ({ _id: new Int32(_id), v })),
      [{ v: 1 }],
    );
    const found = await collection.find({}, { sort: { v: 1 } }).toArray();
    expect(found.map((document) => document['v'] as unknown)).toEqual(
      [...mixed].sort((left, right) => compareValues(left, right)),
    );
  });
});
