import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PeopleStore, startPeopleStore } from './people';

describe('mongoose writes', () => {
  let store: PeopleStore;
  beforeAll(async () => {
    store = await startPeopleStore();
  });
  afterAll(() => store.close());
  beforeEach(() => store.reset());

  it('reports a duplicate key as MongoDB does', async () => {
    const failure = store.people.create({ name: 'Ann' });
    await expect(failure).rejects.toMatchObject({ code: 11000, keyPattern: { name: 1 }, keyValue: { name: 'Ann' } });
    await expect(failure).rejects.toThrow(
      /^E11000 duplicate key error collection: people\.people index: name_1 dup key: \{ name: "Ann" \}/,
    );
  });

  it('stops an ordered insertMany at its first error and finishes an unordered one', async () => {
    const batch = [{ name: 'E' }, { name: 'Ann' }, { name: 'F' }];
    await expect(store.people.insertMany(batch)).rejects.toMatchObject({ code: 11000 });
    expect(await store.names({ name: { $in: ['E', 'F'] } })).toEqual(['E']);
    await expect(store.people.insertMany(batch.slice(1), { ordered: false })).rejects.toMatchObject({ code: 11000 });
    expect(await store.names({ name: { $in: ['E', 'F'] } })).toEqual(['E', 'F']);
  });

  it('updates with operators', async () => {
    await store.people.updateOne(
      { name: 'Ann' },
      {
        $set: { 'address.geo.lat': 49 },
        $inc: { age: 2 },
        $push: { tags: { $each: ['z', 'y'] } },
        $unset: { 'address.city': 1 },
      },
    );
    expect(await store.people.findOne({ name: 'Ann' }).lean()).toMatchObject({
      age: 32,
      tags: ['a', 'b', 'z', 'y'],
      address: { geo: { lat: 49 } },
    });
    await store.people.updateOne({ name: 'Bob' }, { $addToSet: { tags: 'b' }, $max: { age: 26 } });
    expect(await store.people.findOne({ name: 'Bob' }).lean()).toMatchObject({ age: 26, tags: ['b'] });
    expect(await store.people.updateMany({}, { $set: { active: true } })).toMatchObject({
      matchedCount: 4,
      modifiedCount: 3,
    });
    await store.people.updateOne({ name: 'Bob' }, { $pull: { scores: { value: { $gt: 4 } } } });
    expect(await store.people.findOne({ name: 'Bob' }).lean()).toMatchObject({ scores: [{ kind: 'y', value: 2 }] });
  });

  it('saves what was changed in a document and its arrays', async () => {
    const bob = await store.people.findOne({ name: 'Bob' }).orFail();
    bob.tags.push('c', 'd');
    bob.set('scores.1.value', 7);
    await bob.save();
    bob.tags = bob.tags.filter((tag) => tag !== 'c');
    bob.set('age', undefined);
    await bob.save();
    const saved = await store.people.findOne({ name: 'Bob' }).lean();
    expect(saved).toMatchObject({ tags: ['b', 'd'], scores: [{ kind: 'x' }, { kind: 'y', value: 7 }] });
    expect(saved).not.toHaveProperty('age');
  });

  it('upserts, replaces and finds and changes in one step', async () => {
    const made = await store.people.updateOne(
      { name: 'Eve' },
      { $set: { age: 1 }, $setOnInsert: { active: false } },
      { upsert: true },
    );
    expect(made).toMatchObject({ matchedCount: 0, upsertedCount: 1 });
    expect(await store.people.findOne({ name: 'Eve' }).lean()).toMatchObject({ age: 1, active: false });
    await store.people.replaceOne({ name: 'Eve' }, { name: 'Eve', age: 2 });
    expect(await store.people.collection.findOne({ name: 'Eve' })).not.toHaveProperty('active');
    const older = await store.people.findOneAndUpdate(
      { name: 'Eve' },
      { $inc: { age: 1 } },
      { returnDocument: 'before' },
    );
    expect(older?.age).toBe(2);
    const oldest = await store.people.findOneAndUpdate(
      {},
      { $set: { active: true } },
      { sort: { age: -1 }, returnDocument: 'after' },
    );
    expect(oldest).toMatchObject({ name: 'Cid', active: true });
    expect((await store.people.findOneAndDelete({ name: 'Eve' }))?.age).toBe(3);
    expect(await store.people.findOneAndUpdate({ name: 'Eve' }, { age: 1 })).toBeNull();
  });

  it('refuses to save a document that somebody else saved meanwhile', async () => {
    const [one, two] = await Promise.all([
      store.people.findOne({ name: 'Ann' }),
      store.people.findOne({ name: 'Ann' }),
    ]);
    one?.set('age', 50);
    await one?.save();
    two?.set('age', 60);
    await expect(two?.save()).rejects.toThrow(mongoose.Error.VersionError);
  });

  it('writes in bulk', async () => {
    const result = await store.people.bulkWrite([
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
});
