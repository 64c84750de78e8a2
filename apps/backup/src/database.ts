import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deserialize, type Document } from 'bson';
import { mongo } from 'mongoose';
import { BackupFailure } from './backup.errors';

/** Documents that are written with one command; MongoDB takes at most 48 MB and 100,000 of them. */
const BATCH = 500;

/** Bytes of the length at the beginning of a BSON document. */
const LENGTH_BYTES = 4;

/** How long a database has to answer at first, in milliseconds. */
const REACH_TIMEOUT_MS = 10_000;

/** Has `use` work with the database that a connection string names. @throws BackupFailure when it cannot be reached */
export async function withDatabase<Result>(uri: string, use: (database: mongo.Db) => Promise<Result>): Promise<Result> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: REACH_TIMEOUT_MS });
  try {
    await client.connect().catch((error: unknown) => {
      throw new BackupFailure('the database cannot be reached: is MONGODB_URI right?', { cause: error });
    });
    return await use(client.db());
  } finally {
    await client.close();
  }
}

export async function collectionNames(database: mongo.Db): Promise<string[]> {
  const collections = await database.listCollections({}, { nameOnly: true }).toArray();
  return collections
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/**
 * Writes all documents of a collection one behind the other, as they are stored: the format of mongodump's .bson files.
 * @returns how many
 */
export async function saveCollection(database: mongo.Db, name: string, file: string): Promise<number> {
  let documents = 0;
  const raw = database.collection(name).find<Buffer>({}, { raw: true });
  await pipeline(
    async function* () {
      for await (const document of raw) {
        documents++;
        yield document;
      }
    },
    createWriteStream(file, { flags: 'wx' }),
  );
  return documents;
}

/** Replaces what a collection holds. */
export async function restoreCollection(database: mongo.Db, name: string, file: string): Promise<void> {
  const collection = database.collection(name);
  await collection.deleteMany({});
  let batch: Document[] = [];
  for await (const document of documentsOf(createReadStream(file))) {
    batch.push(document);
    if (batch.length === BATCH) {
      await collection.insertMany(batch);
      batch = [];
    }
  }
  if (batch.length > 0) {
    await collection.insertMany(batch);
  }
}

/** Numbers keep the type that they were stored with. */
async function* documentsOf(stream: Readable): AsyncGenerator<Document> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= LENGTH_BYTES && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      yield deserialize(pending.subarray(0, length), { promoteValues: false });
      pending = pending.subarray(length);
    }
  }
  if (pending.length > 0) {
    throw new BackupFailure('a collection in the backup ends in the middle of a document');
  }
}
