import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { deserialize } from 'bson';
import { mongo } from 'mongoose';
import { BackupFailure } from './backup.errors';

/** Documents that are written at once, and are in memory together: so many, or so many bytes. An event may have 10 MiB. */
const BATCH_DOCUMENTS = 500;
const BATCH_BYTES = 8 * 2 ** 20;

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
  for await (const batch of batchesOf(documentsOf(createReadStream(file)))) {
    // Numbers keep the type that they were stored with.
    await collection.insertMany(batch.map((document) => deserialize(document, { promoteValues: false })));
  }
}

/** @returns the names of the tokens that count, beside the shared one */
export async function validTokens(database: mongo.Db): Promise<string[]> {
  const valid = { $or: [{ expiresAt: { $exists: false } }, { expiresAt: { $gt: new Date() } }] };
  const tokens = await database.collection<{ name: string }>('tokens').find(valid).sort({ name: 1 }).toArray();
  return tokens.map(({ name }) => name);
}

async function* batchesOf(documents: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const document of documents) {
    batch.push(document);
    bytes += document.length;
    if (batch.length === BATCH_DOCUMENTS || bytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

async function* documentsOf(stream: Readable): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= LENGTH_BYTES && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      yield pending.subarray(0, length);
      pending = pending.subarray(length);
    }
  }
  if (pending.length > 0) {
    throw new BackupFailure('a collection in the backup ends in the middle of a document');
  }
}
