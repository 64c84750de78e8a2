import { Binary, Decimal128, Double, Int32, Long } from 'bson';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PeopleStore, startPeopleStore } from './people';

describe('mongoose queries', () => {
  let store: PeopleStore;
  beforeAll(async () => {
    store = await startPeopleStore();
  });
  afterAll(() => store.close());
  beforeEach(() => store.reset());

  it('finds by nested path, range, $in, regex, $elemMatch, $exists and null', async () => {
    expect(await store.names({ 'address.city': 'Linz' })).toEqual(['Ann']);
    expect(await store.names({ age: { $gt: 25, $lte: 41 } })).toEqual(['Ann', 'Cid']);
    expect(await store.names({ name: { $in: ['Bob', 'Dan', 'Nobody'] } })).toEqual(['Bob', 'Dan']);
    expect(await store.names({ name: /^[ab]/i })).toEqual(['Ann', 'Bob']);
    expect(await store.names({ scores: { $elemMatch: { kind: 'x', value: { $gt: 2 } } } })).toEqual(['Bob']);
    expect(await store.names({ age: { $exists: false } })).toEqual(['Dan']);
    expect(await store.names({ age: null })).toEqual(['Dan']);
    expect(await store.names({ tags: 'b', $or: [{ age: 25 }, { active: true }] })).toEqual(['Bob']);
  });

  it('sorts, skips, limits, projects and counts', async () => {
    const page = await store.people.find({}, { name: 1, _id: 0 }).sort({ age: -1 }).skip(1).limit(2).lean();
    expect(page).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
    expect(await store.people.findOne({ name: 'Bob' }, { 'scores.kind': 1, 'address.city': 1, _id: 0 }).lean()).toEqual(
      {
        address: { city: 'Wien' },
        scores: [{ kind: 'x' }, { kind: 'y' }],
      },
    );
    expect(
      await store.people.findOne({ name: 'Ann' }, { tags: 0, scores: 0, address: 0, _id: 0, __v: 0 }).lean(),
    ).toEqual({
      name: 'Ann',
      age: 30,
    });
    expect(await store.people.countDocuments({ age: { $gte: 30 } })).toBe(2);
    expect(await store.people.estimatedDocumentCount()).toBe(4);
    expect(await store.people.distinct('tags')).toEqual(['a', 'b', 'c']);
    expect(await store.people.exists({ name: 'Ann' })).not.toBeNull();
  });

  it('streams a cursor over several batches', async () => {
    await store.people.insertMany(Array.from({ length: 250 }, (_, age) => ({ name: `n${age}`, age: 100 + age })));
    const ages: (number | null | undefined)[] = [];
    for await (const person of store.people
      .find({ age: { $gte: 100 } })
      .sort({ age: 1 })
      .batchSize(20)
      .cursor())
      ages.push(person.age);
    expect(ages).toEqual(Array.from({ length: 250 }, (_, age) => 100 + age));
  });

  it('aggregates: match, group, unwind, sort, project, count', async () => {
    expect(
      await store.people.aggregate([
        { $match: { age: { $gt: 20 } } },
        { $group: { _id: null, sum: { $sum: '$age' } } },
      ]),
    ).toEqual([{ _id: null, sum: 96 }]);
    const byTag = await store.people.aggregate([
      { $unwind: '$tags' },
      { $group: { _id: '$tags', n: { $sum: 1 } } },
      { $sort: { n: -1, _id: 1 } },
    ]);
    expect(byTag).toEqual([
      { _id: 'b', n: 2 },
      { _id: 'a', n: 1 },
      { _id: 'c', n: 1 },
    ]);
    const shaped = await store.people.aggregate([
      { $match: { name: 'Ann' } },
      { $project: { _id: 0, city: '$address.city', tags: { $size: '$tags' } } },
    ]);
    expect(shaped).toEqual([{ city: 'Linz', tags: 2 }]);
    expect(await store.people.aggregate([{ $match: { active: true } }, { $count: 'total' }])).toEqual([{ total: 1 }]);
  });

  it('keeps the kinds of BSON values, through updates too', async () => {
    const things = store.connection.collection('things');
    await things.insertOne({
      double: new Double(5),
      int: new Int32(5),
      long: Long.fromString('9223372036854775807'),
      decimal: Decimal128.fromString('1.10'),
      binary: new Binary(Buffer.from([1, 2, 3]), 4),
      date: new Date(1),
      nothing: null,
    });
    await things.updateOne({}, { $set: { more: new Double(2) }, $inc: { int: new Int32(1), double: new Int32(1) } });
    const found = await things.findOne({}, { promoteValues: false });
    expect(found).toMatchObject({
      double: new Double(6),
      more: new Double(2),
      int: new Int32(6),
      long: Long.fromString('9223372036854775807'),
      decimal: Decimal128.fromString('1.10'),
      date: new Date(1),
      nothing: null,
    });
    expect((found?.['binary'] as Binary).sub_type).toBe(4);
    expect(await things.countDocuments({ long: Long.fromString('9223372036854775807') })).toBe(1);
    expect(await things.countDocuments({ long: Long.fromString('9223372036854775806') })).toBe(0);
  });

  it('lists and synchronises indexes', async () => {
    expect((await store.people.listIndexes()).map(({ name }: { name: string }) => name).sort()).toEqual([
      '_id_',
      'address.city_1_age_-1',
      'age_1',
      'name_1',
    ]);
    await store.people.collection.createIndex({ active: 1 }, {}, {});
    expect(await store.people.syncIndexes()).toEqual(['active_1']);
  });

  it('takes sessions but no transactions', async () => {
    const session = await store.connection.startSession();
    await store.people.create([{ name: 'Eve' }], { session });
    await expect(
      session.withTransaction(async () => {
        await store.people.create([{ name: 'Fay' }], { session });
      }),
    ).rejects.toMatchObject({ originalError: { code: 20 } });
    await session.endSession();
    expect(await store.names({ name: { $in: ['Eve', 'Fay'] } })).toEqual(['Eve']);
  });

  it('drops collections and databases', async () => {
    await store.connection.collection('short').insertOne({ a: 1 });
    await store.connection.dropCollection('short');
    const other = store.connection.useDb('other');
    await other.collection('x').insertOne({ a: 1 });
    await other.dropDatabase();
    const { databases } = (await store.connection.db?.admin().listDatabases()) ?? { databases: [] };
    expect(databases.map(({ name }) => name)).not.toContain('other');
    expect((await store.connection.listCollections()).map(({ name }) => name)).not.toContain('short');
  });
});
