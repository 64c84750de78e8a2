import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { checkEmbeddedMongodb, startEmbeddedMongodb } from '../src/index';

/** Stores that earlier versions wrote and were killed over. The last document of format 2 is in its log only. */
const STORES = join(import.meta.dirname, 'stores');

interface Thing {
  readonly _id: number;
  readonly key: string;
}

async function unpacked(store: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'older-format-'));
  for (const name of await readdir(join(STORES, store))) {
    const bytes = gunzipSync(await readFile(join(STORES, store, name)));
    await writeFile(join(folder, name.replace('.gz', '')), bytes);
  }
  return folder;
}

it.each(['format-1', 'format-2'])(
  'a store of %s is opened with everything in it, and is one of today then',
  async (store) => {
    const folder = await unpacked(store);
    for (let start = 0; start < 2; start++) {
      const engine = await startEmbeddedMongodb({ folder });
      const client = await MongoClient.connect(engine.uri('test'));
      const things = client.db().collection<Thing>('things');
      const all = await things.find({}).sort({ _id: 1 }).toArray();
      expect(all.map(({ key }) => key)).toEqual(Array.from({ length: 41 }, (_, n) => `k${n}`));
      expect(await things.findOne({ key: 'k40' })).toMatchObject({ _id: 40, text: 'last' });
      await expect(things.insertOne({ _id: 99, key: 'k7' })).rejects.toThrow('duplicate key');
      await client.close();
      await engine.close();
    }
    expect(await checkEmbeddedMongodb(folder)).toMatchObject({ damages: [] });
    await rm(folder, { recursive: true });
  },
);
