import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongodb } from '@keptn/embedded-mongodb';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStoreCommand } from '../src/store-command';

describe('the commands for a store at rest', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-command-'));
    const engine = await startEmbeddedMongodb({ folder });
    const client = await MongoClient.connect(engine.uri('test'));
    await client.db().collection('things').insertOne({ text: 'a text to be damaged' });
    await client.close();
    await engine.close();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('say that a store is whole', async () => {
    expect(await runStoreCommand('check', folder)).toBe(0);
  });

  it('say that a store is damaged, and go on with what can be read when asked to', async () => {
    const file = join(folder, 'data.mdb');
    const bytes = await readFile(file);
    bytes.write('A', bytes.lastIndexOf('a text to be damaged'));
    await writeFile(file, bytes);
    expect(await runStoreCommand('check', folder)).toBe(1);
    expect(await runStoreCommand('salvage', folder)).toBe(0);
    expect(await runStoreCommand('check', folder)).toBe(0);
  });

  it('refuse a store that is being served', async () => {
    const engine = await startEmbeddedMongodb({ folder });
    expect(await runStoreCommand('check', folder)).toBe(1);
    await engine.close();
  });

  it('explain themselves', async () => {
    expect(await runStoreCommand('mend', folder)).toBe(2);
    expect(await runStoreCommand('check', undefined)).toBe(2);
  });
});
