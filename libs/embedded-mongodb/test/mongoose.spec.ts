import { Binary, Decimal128, Double, Int32, Long } from 'bson';
import mongoose, { type Connection, Schema } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './engine';

interface Person {
  name: string;
  age?: number;
  tags: string[];
  address?: { city?: string; geo?: { lat?: number } };
  scores: { kind: string; value: number }[];
  active?: boolean;
  born?: Date;
}

const personSchema = new Schema<Person>(
  {
    name: { type: String, required: true, unique: true },
    age: { type: Number, index: true },
    tags: [String],
    address: { city: String, geo: { lat: Number } },
    scores: [{ _id: false, kind: String, value: Number }],
    active: Boolean,
    born: Date,
  },
  { optimisticConcurrency: true },
);
personSchema.index({ 'address.city': 1, age: -1 });

describe('mongoose on the embedded store', () => {
  let test: TestEngine;
  let connection: Connection;
  let people: mongoose.Model<Person>;

  beforeAll(async () => {
    test = await startTestEngine();
    connection = await mongoose.createConnection(test.engine.uri('people')).asPromise();
    people = connection.model('Person', personSchema);
    await people.init();
  });
  afterAll(async () => {
    await connection.close();
    await test.close();
  });
  beforeEach(async () => {
    await people.deleteMany({});
    await people.insertMany([
      {
        name: 'Ann',
        age: 30,
        tags: ['a', 'b'],
        address: { city: 'Linz', geo: { lat: 48 } },
        scores: [{ kind: 'x', value: 1 }],
      },
      {
        name: 'Bob',
        age: 25,
        tags: ['b'],
        address: { city: 'Wien' },
        scores: [
          { kind: 'x', value: 5 },
          { kind: 'y', value: 2 },
        ],
      },
      { name: 'Cid', age: 41, tags: [], active: true },
      { name: 'Dan', tags: ['c'] },
    ]);
  });

  const names = async (filter: object): Promise<string[]> =>
    (await people.find(filter).sort({ name: 1 })).map(({ name }) => name);

  it('finds by nested path, range, $in, regex, $elemMatch, $exists and null', async () => {
    expect(await names({ 'address.city': 'Linz' })).toEqual(['Ann']);
    expect(await names({ age: { $gt: 25, $lte: 41 } })).toEqual(['Ann', 'Cid']);
    expect(await names({ name: { $in: ['Bob', 'Dan', 'Nobody'] } })).toEqual(['Bob', 'Dan']);
    expect(await names({ name: /^[ab]/i })).toEqual(['Ann', 'Bob']);
    expect(await names({ scores: { $elemMatch: { kind: 'x', value: { $gt: 2 } } } })).toEqual(['Bob']);
    expect(await names({ age: { $exists: false } })).toEqual(['Dan']);
    expect(await names({ age: null })).toEqual(['Dan']);
    expect(await names({ tags: 'b', $or: [{ age: 25 }, { active: true }] })).toEqual(['Bob']);
    expect(await names({ tags: { $size: 0 } })).toEqual(['Cid']);
    expect(await names({ $expr: { $gt: [{ $size: '$tags' }, 1] } })).toEqual(['Ann']);
  });

  it('sorts, skips, limits, projects and counts', async () => {
    const page = await people.find({}, { name: 1, _id: 0 }).sort({ age: -1 }).skip(1).limit(2).lean();
    expect(page).toEqual([{ name: 'Ann' }, { name: 'Bob' }]);
    expect(await people.findOne({ name: 'Bob' }, { scores: { $slice: 1 }, 'address.city': 1, _id: 0 }).lean()).toEqual({
      address: { city: 'Wien' },
      scores: [{ kind: 'x', value: 5 }],
    });
    expect(await people.findOne({ name: 'Ann' }, { tags: 0, scores: 0, address: 0, _id: 0, __v: 0 }).lean()).toEqual({
      name: 'Ann',
      age: 30,
    });
    expect(await people.findOne({ 'scores.kind': 'y' }, { 'scores.$': 1, _id: 0 }).lean()).toEqual({
      scores: [{ kind: 'y', value: 2 }],
    });
    expect(await people.countDocuments({ age: { $gte: 30 } })).toBe(2);
    expect(await people.estimatedDocumentCount()).toBe(4);
    expect(await people.distinct('tags')).toEqual(['a', 'b', 'c']);
    expect(await people.exists({ name: 'Ann' })).not.toBeNull();
  });

  it('streams a cursor over several batches', async () => {
    await people.insertMany(Array.from({ length: 250 }, (_, age) => ({ name: `n${age}`, age: 100 + age })));
    const ages: (number | null | undefined)[] = [];
    for await (const person of people
      .find({ age: { $gte: 100 } })
      .sort({ age: 1 })
      .batchSize(20)
      .cursor())
      ages.push(person.age);
    expect(ages).toEqual(Array.from({ length: 250 }, (_, age) => 100 + age));
  });

  it('reports a duplicate key as MongoDB does', async () => {
    const failure = people.create({ name: 'Ann' });
    await expect(failure).rejects.toMatchObject({ code: 11000, keyPattern: { name: 1 }, keyValue: { name: 'Ann' } });
    await expect(failure).rejects.toThrow(
      /^E11000 duplicate key error collection: people\.people index: name_1 dup key: \{ name: "Ann" \}/,
    );
  });

  it('stops an ordered insertMany at its first error and finishes an unordered one', async () => {
    const batch = [{ name: 'E' }, { name: 'Ann' }, { name: 'F' }];
    await expect(people.insertMany(batch)).rejects.toMatchObject({ code: 11000 });
    expect(await names({ name: { $in: ['E', 'F'] } })).toEqual(['E']);
    await expect(people.insertMany(batch.slice(1), { ordered: false })).rejects.toMatchObject({ code: 11000 });
    expect(await names({ name: { $in: ['E', 'F'] } })).toEqual(['E', 'F']);
  });

  it('updates with operators, positions and array filters', async () => {
    await people.updateOne(
      { name: 'Ann' },
      {
        $set: { 'address.geo.lat': 49 },
        $inc: { age: 2 },
        $push: { tags: { $each: ['z', 'y'], $sort: 1, $slice: 3 } },
        $unset: { 'address.city': 1 },
      },
    );
    expect(await people.findOne({ name: 'Ann' }).lean()).toMatchObject({
      age: 32,
      tags: ['a', 'b', 'y'],
      address: { geo: { lat: 49 } },
    });
    await people.updateOne(
      { name: 'Bob', 'scores.kind': 'y' },
      { $set: { 'scores.$.value': 20 }, $addToSet: { tags: 'b' }, $max: { age: 26 } },
    );
    await people.updateOne(
      { name: 'Bob' },
      { $inc: { 'scores.$[low].value': 100 } },
      { arrayFilters: [{ 'low.value': { $lt: 10 } }] },
    );
    expect(await people.findOne({ name: 'Bob' }).lean()).toMatchObject({
      age: 26,
      tags: ['b'],
      scores: [
        { kind: 'x', value: 105 },
        { kind: 'y', value: 20 },
      ],
    });
    expect(await people.updateMany({}, { $set: { active: true } })).toMatchObject({
      matchedCount: 4,
      modifiedCount: 3,
    });
    await people.updateOne(
      { name: 'Bob' },
      { $pull: { scores: { value: { $gt: 100 } } }, $rename: { age: 'years' } },
      { strict: false },
    );
    expect(await people.collection.findOne({ name: 'Bob' })).toMatchObject({
      years: 26,
      scores: [{ kind: 'y', value: 20 }],
    });
  });

  it('upserts, replaces and finds and changes in one step', async () => {
    const made = await people.updateOne(
      { name: 'Eve' },
      { $set: { age: 1 }, $setOnInsert: { active: false } },
      { upsert: true },
    );
    expect(made).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    expect(await people.findOne({ name: 'Eve' }).lean()).toMatchObject({ age: 1, active: false });
    await people.replaceOne({ name: 'Eve' }, { name: 'Eve', age: 2 });
    expect(await people.collection.findOne({ name: 'Eve' })).not.toHaveProperty('active');
    const older = await people.findOneAndUpdate({ name: 'Eve' }, { $inc: { age: 1 } }, { returnDocument: 'before' });
    expect(older?.age).toBe(2);
    const oldest = await people.findOneAndUpdate(
      {},
      { $set: { active: true } },
      { sort: { age: -1 }, returnDocument: 'after' },
    );
    expect(oldest).toMatchObject({ name: 'Cid', active: true });
    expect((await people.findOneAndDelete({ name: 'Eve' }))?.age).toBe(3);
    expect(await people.findOneAndUpdate({ name: 'Eve' }, { age: 1 })).toBeNull();
  });

  it('refuses to save a document that somebody else saved meanwhile', async () => {
    const [one, two] = await Promise.all([people.findOne({ name: 'Ann' }), people.findOne({ name: 'Ann' })]);
    one?.set('age', 50);
    await one?.save();
    two?.set('age', 60);
    await expect(two?.save()).rejects.toThrow(mongoose.Error.VersionError);
  });

  it('writes in bulk', async () => {
    const result = await people.bulkWrite([
      { insertOne: { document: { name: 'Eve', tags: [], scores: [] } } },
      { updateOne: { filter: { name: 'Ann' }, update: { $set: { age: 99 } } } },
      { updateMany: { filter: { age: { $lt: 50 } }, update: { $set: { active: false } } } },
      { replaceOne: { filter: { name: 'Dan' }, replacement: { name: 'Dan', tags: [], scores: [] } } },
      { updateOne: { filter: { name: 'Fay' }, update: { $set: { age: 3 } }, upsert: true } },
      { deleteOne: { filter: { name: 'Cid' } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      upsertedCount: 1,
      deletedCount: 1,
    });
  });

  it('aggregates: match, group, unwind, lookup, facet, count', async () => {
    expect(
      await people.aggregate([{ $match: { age: { $gt: 20 } } }, { $group: { _id: null, sum: { $sum: '$age' } } }]),
    ).toEqual([{ _id: null, sum: 96 }]);
    const byTag = await people.aggregate([
      { $unwind: '$tags' },
      { $group: { _id: '$tags', n: { $sum: 1 } } },
      { $sort: { n: -1, _id: 1 } },
    ]);
    expect(byTag).toEqual([
      { _id: 'b', n: 2 },
      { _id: 'a', n: 1 },
      { _id: 'c', n: 1 },
    ]);
    await connection.collection('cities').insertOne({ city: 'Linz', country: 'AT' });
    const joined = await people.aggregate<{ found: { country: string }[] }>([
      { $match: { name: 'Ann' } },
      { $lookup: { from: 'cities', localField: 'address.city', foreignField: 'city', as: 'found' } },
    ]);
    expect(joined[0]?.found[0]?.country).toBe('AT');
    const [facets] = await people.aggregate([
      { $facet: { young: [{ $match: { age: { $lt: 30 } } }, { $count: 'n' }], all: [{ $count: 'n' }] } },
    ]);
    expect(facets).toEqual({ young: [{ n: 1 }], all: [{ n: 4 }] });
    expect(await people.aggregate([{ $match: { active: true } }, { $count: 'total' }])).toEqual([{ total: 1 }]);
  });

  it('keeps the kinds of BSON values, through updates too', async () => {
    const things = connection.collection('things');
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
    await things.updateOne({}, [{ $set: { sum: { $add: ['$int', 1] } } }]);
    const found = await things.findOne({}, { promoteValues: false });
    expect(found).toMatchObject({
      double: new Double(6),
      more: new Double(2),
      int: new Int32(6),
      sum: new Int32(7),
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
    expect((await people.listIndexes()).map(({ name }: { name: string }) => name).sort()).toEqual([
      '_id_',
      'address.city_1_age_-1',
      'age_1',
      'name_1',
    ]);
    await people.collection.createIndex({ active: 1 });
    expect(await people.syncIndexes()).toEqual(['active_1']);
  });

  it('takes sessions but no transactions', async () => {
    const session = await connection.startSession();
    await people.create([{ name: 'Eve' }], { session });
    await expect(
      session.withTransaction(async () => {
        await people.create([{ name: 'Fay' }], { session });
      }),
    ).rejects.toMatchObject({ code: 20 });
    await session.endSession();
    expect(await names({ name: { $in: ['Eve', 'Fay'] } })).toEqual(['Eve']);
  });

  it('drops collections and databases', async () => {
    await connection.collection('short').insertOne({ a: 1 });
    await connection.dropCollection('short');
    const other = connection.useDb('other');
    await other.collection('x').insertOne({ a: 1 });
    await other.dropDatabase();
    const { databases } = (await connection.db?.admin().listDatabases()) ?? { databases: [] };
    expect(databases.map(({ name }) => name)).not.toContain('other');
    expect((await connection.listCollections()).map(({ name }) => name)).not.toContain('short');
  });
});
