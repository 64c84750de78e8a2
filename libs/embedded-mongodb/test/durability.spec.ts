import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  StoreFolderInUseError,
  StoreFolderNotWritableError,
  StoreDamagedError,
  startEmbeddedMongodb,
} from '../src/index';
import { readTyped } from '../src/bson/document';
import { Store } from '../src/query/store';
import { documentKeys, IndexedDocument } from '../src/storage/index-keys';
import { entryKey, idPrefix } from '../src/storage/record-keys';
import { buildEngineScript, type EngineScript } from './child-engine';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs work on the collection `things` of an engine over the folder. */
async function withThings<T>(work: (things: Collection) => Promise<T>): Promise<T> {
  const engine = await startEmbeddedMongodb({ folder });
  const client = await MongoClient.connect(engine.uri('test'));
  try {
    return await work(client.db().collection('things'));
  } finally {
    await client.close();
    await engine.close();
  }
}

/** Every index holds what its documents have in it, and nothing else. */
async function expectConsistent(): Promise<void> {
  const store = new Store(folder);
  await store.open();
  for (const collection of store.catalog.all()) {
    const documents = collection
      .recordIds()
      .map((recordId) => ({ recordId, document: readTyped(collection.read(recordId) ?? Buffer.alloc(0)) }));
    expect(collection.count()).toBe(documents.length);
    for (const index of collection.indexes) {
      const wanted = documents.flatMap(({ recordId, document }) =>
        documentKeys(index, new IndexedDocument(document)).keys.map((key) => entryKey(index.id, key, recordId)),
      );
      const found = store.environment.entries.keys({ start: idPrefix(index.id), end: idPrefix(index.id + 1) });
      expect([...found]).toEqual(wanted.sort());
    }
  }
  await store.close();
}

describe('a store that is closed and opened again', () => {
  it('has its documents, indexes and counts', async () => {
    await withThings(async (things) => {
      await things.createIndex({ a: 1 }, { unique: true }, {});
      await things.insertMany([{ a: 1 }, { a: [2, 3] }]);
      await things.deleteOne({ a: 1 });
    });
    await withThings(async (things) => {
      expect(await things.countDocuments({ a: { $in: [2, 3] } })).toBe(1);
      await expect(things.insertOne({ a: 3 })).rejects.toMatchObject({ code: 11000 });
      await things.insertOne({ a: 1 });
      expect(await things.estimatedDocumentCount()).toBe(2);
    });
  });

  it('finishes what is in flight when it is closed', async () => {
    const engine = await startEmbeddedMongodb({ folder });
    const client = await MongoClient.connect(engine.uri('test'));
    const written = Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => client.db().collection('things').insertOne({ i })),
    );
    await client.db().command({ ping: 1 });
    await engine.close();
    const acknowledged = (await written).filter(({ status }) => status === 'fulfilled').length;
    await client.close();
    const stored = await withThings((things) => things.countDocuments({}));
    expect(stored).toBeGreaterThanOrEqual(acknowledged);
  });
});

describe('a folder', () => {
  it('is served by one engine at a time', async () => {
    const engine = await startEmbeddedMongodb({ folder });
    await expect(startEmbeddedMongodb({ folder })).rejects.toThrow(StoreFolderInUseError);
    await expect(startEmbeddedMongodb({ folder, port: 0 })).rejects.toThrow(folder);
    await engine.close();
    await (await startEmbeddedMongodb({ folder })).close();
  });

  it('is private, and so is its socket', async () => {
    const made = join(folder, 'new', 'store');
    const engine = await startEmbeddedMongodb({ folder: made });
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    expect(engine.uri('some db')).toBe(`mongodb://${encodeURIComponent(join(made, 'mongodb.sock'))}/some%20db`);
    await engine.close();
  });

  it('with a long path has its socket elsewhere, and is still served once', async () => {
    const long = join(folder, 'x'.repeat(120));
    const engine = await startEmbeddedMongodb({ folder: long });
    await expect(startEmbeddedMongodb({ folder: long })).rejects.toThrow(StoreFolderInUseError);
    const client = await MongoClient.connect(engine.uri('test'));
    await client.db().collection('things').insertOne({});
    await client.close();
    await engine.close();
  });

  it('is named when it cannot be made', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const failure = startEmbeddedMongodb({ folder: join(file, 'store') });
    await expect(failure).rejects.toThrow(StoreFolderNotWritableError);
    await expect(failure).rejects.toThrow(join(file, 'store'));
  });

  it('is named when something else is in it', async () => {
    for (const content of ['something else'.repeat(1000), 'x', Buffer.alloc(20_000)]) {
      await writeFile(join(folder, 'data.mdb'), content);
      const failure = startEmbeddedMongodb({ folder });
      await expect(failure).rejects.toThrow(StoreDamagedError);
      await expect(failure).rejects.toThrow(folder);
    }
  });

  it('can be served over TCP', async () => {
    const engine = await startEmbeddedMongodb({ folder, host: '127.0.0.1', port: 0 });
    expect(engine.uri('test')).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/test$/);
    const client = await MongoClient.connect(engine.uri('test'));
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await engine.close();
  });
});

describe('a store whose process is killed', () => {
  let script: EngineScript;
  beforeAll(async () => {
    script = await buildEngineScript();
  });
  afterAll(() => script.remove());

  /** Writes until the engine is killed. Returns what was acknowledged. */
  async function writeUntilKilled(round: number): Promise<{ inserted: string[]; increments: number }> {
    const child = await script.start(folder);
    const client = await MongoClient.connect(child.uri, { serverSelectionTimeoutMS: 500 });
    const things = client.db().collection('things');
    await things.createIndexes([
      { key: { key: 1 }, unique: true },
      { key: { writer: 1, n: -1 } },
      { key: { tags: 1 } },
    ]);
    await things.updateOne({ key: 'counter' }, { $setOnInsert: { count: 0 } }, { upsert: true });
    const inserted: string[] = [];
    let increments = 0;
    let reach: () => void = () => undefined;
    const enough = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const key = `${round}-${writer}-${n}`;
        await things.insertOne({ key, writer, n, tags: [n % 3, 'x'], text: 'x'.repeat(300) });
        inserted.push(key);
        if (inserted.length === 15 + 40 * round) reach();
        await things.updateOne({ key: 'counter' }, { $inc: { count: 1 } });
        increments++;
      }
    });
    const stopped = Promise.allSettled(writers);
    await enough;
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
    await client.close();
    await stopped;
    return { inserted, increments };
  }

  it('has every acknowledged write exactly once, and consistent indexes', async () => {
    const acknowledged: string[] = [];
    let increments = 0;
    for (let round = 0; round < 4; round++) {
      const written = await writeUntilKilled(round);
      acknowledged.push(...written.inserted);
      increments += written.increments;
      await withThings(async (things) => {
        const stored = (await things.find({ key: { $ne: 'counter' } }).toArray()).map(({ key }) => String(key));
        expect(new Set(stored).size).toBe(stored.length);
        expect(acknowledged.filter((key) => !stored.includes(key))).toEqual([]);
        const counter = await things.findOne({ key: 'counter' });
        expect(counter?.['count']).toBeGreaterThanOrEqual(increments);
        expect(Number(counter?.['count']) - increments).toBeLessThanOrEqual(8 * (round + 1));
      });
      await expectConsistent();
    }
    expect(acknowledged.length).toBeGreaterThan(50);
  }, 120_000);
});
