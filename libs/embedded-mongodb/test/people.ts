import mongoose, { type Connection, Schema } from 'mongoose';
import { startTestEngine, type TestEngine } from './engine';

export interface Person {
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

const modelOn = (connection: Connection) => connection.model<Person>('Person', personSchema);

/** mongoose connected to a fresh engine, with a model. */
export interface PeopleStore {
  readonly connection: Connection;
  readonly people: ReturnType<typeof modelOn>;
  /** Puts the four people of the tests in place of whoever is there. */
  reset(): Promise<void>;
  /** The names of those who match, in order. */
  names(filter: object): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts an engine and connects mongoose to it. */
export async function startPeopleStore(): Promise<PeopleStore> {
  const test: TestEngine = await startTestEngine();
  const connection = await mongoose.createConnection(test.engine.uri('people')).asPromise();
  const people = modelOn(connection);
  await people.init();
  return {
    connection,
    people,
    reset: async () => {
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
    },
    names: async (filter) => (await people.find(filter).sort({ name: 1 })).map(({ name }) => name),
    close: async () => {
      await connection.close();
      await test.close();
    },
  };
}
