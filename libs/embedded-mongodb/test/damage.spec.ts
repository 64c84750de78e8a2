import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkEmbeddedMongodb, type EmbeddedMongodbOptions, startEmbeddedMongodb } from '../src/index';
import { buildEngineScript, type EngineHost, type EngineScript } from './child-engine';

interface Thing {
  readonly _id: number;
  readonly key: string;
  readonly text: string;
}

const DOCUMENTS = 120;
/** Enough for some on pages of their own, and for a tree of two levels. */
const documents: readonly Thing[] = Array.from({ length: DOCUMENTS }, (_, n) => ({
  _id: n,
  key: `k${n}`,
  text: 'x'.repeat(n * 40),
}));

/** Number and flags of the first two pages, magic number and version: bytes that LMDB itself looks at. */
const DESCRIPTION = [0, 4_096].flatMap((page) => [0, 1, 18, 24, 25, 26, 27, 28].map((at) => page + at));

let script: EngineScript;
/** Opens what is damaged, in a process of its own. */
let host: EngineHost;
let base: string;
/** A store that was closed: everything is in its data file. */
let closed: string;
/** A store whose process was killed: everything is in its log. */
let killed: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'damage-'));
  [closed, killed] = [join(base, 'closed'), join(base, 'killed')];
  const engine = await startEmbeddedMongodb({ folder: closed });
  const client = await MongoClient.connect(engine.uri('test'));
  const things = client.db().collection<Thing>('things');
  await things.createIndex({ key: 1 }, { unique: true }, {});
  for (const document of documents) await things.insertOne(document);
  await cp(closed, killed, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  await client.close();
  await engine.close();
  script = await buildEngineScript();
  host = script.startHost();
});
afterAll(async () => {
  host.stop();
  await script.remove();
  await rm(base, { recursive: true, force: true });
});

async function copyOf(folder: string): Promise<string> {
  const copy = await mkdtemp(join(base, 'copy-'));
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** The documents by way of each index. */
async function read(folder: string, options: Partial<EmbeddedMongodbOptions> = {}): Promise<Thing[][]> {
  const client = await MongoClient.connect(await host.open({ folder, ...options }));
  try {
    const things = client.db().collection<Thing>('things');
    return [
      await things.find({}).sort({ _id: 1 }).toArray(),
      (await things.find({ key: { $gte: 'k' } }).toArray()).sort((one, other) => one._id - other._id),
    ];
  } finally {
    await client.close();
    await host.close();
  }
}

const damaged = { name: 'StoreDamagedError' };

async function flip(path: string, position: number, bits: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[position % bytes.length] = (bytes[position % bytes.length] ?? 0) ^ bits;
  await writeFile(path, bytes);
}

const logOf = async (folder: string): Promise<string> =>
  join(folder, (await readdir(folder)).find((name) => name.startsWith('log-')) ?? '');

/** Everything is there, or the start says what is damaged. */
async function expectNoSilentLoss(folder: string): Promise<'whole' | 'refused'> {
  try {
    expect(await read(folder)).toEqual([documents, documents]);
    return 'whole';
  } catch (error) {
    expect(error).toMatchObject(damaged);
    expect(String(error)).toContain(folder);
    return 'refused';
  }
}

describe('a byte that changed', () => {
  it.each([
    ['the data file', () => closed, (folder: string) => Promise.resolve(join(folder, 'data.mdb'))],
    ['the log', () => killed, logOf],
  ])(
    'in %s is never silent',
    async (_what, store, file) => {
      const size = (await readFile(await file(store()))).length;
      const run = fc.asyncProperty(fc.nat(size - 1), fc.integer({ min: 1, max: 255 }), async (position, bits) => {
        const folder = await copyOf(store());
        await flip(await file(folder), position, bits);
        await expectNoSilentLoss(folder);
        await rm(folder, { recursive: true });
      });
      await fc.assert(run, { numRuns: 40 });
    },
    120_000,
  );

  it('in any byte of a record of the log keeps the files as they are, and is said where it is', async () => {
    const folder = await copyOf(killed);
    const log = await logOf(folder);
    await flip(log, 5_000, 1);
    const before = await readFile(log);
    await expect(host.open({ folder })).rejects.toThrow(
      /is damaged: log-\d+ has \d+ bytes at \d+ that are no record, with \d+ records before and \d+ behind them/,
    );
    expect(await readFile(log)).toEqual(before);
    expect((await checkEmbeddedMongodb(folder)).damages).toHaveLength(1);
  });

  it('in the last record of the log, or in its length, is damage and no end that is missing', async () => {
    for (const at of [-5, -(documents.at(-1)?.text.length ?? 0)]) {
      const folder = await copyOf(killed);
      await flip(await logOf(folder), (await readFile(await logOf(folder))).length + at, 0x10);
      await expect(host.open({ folder })).rejects.toMatchObject(damaged);
    }
  });
});

it('is damage in any byte that describes the data file', async () => {
  const folder = await copyOf(closed);
  const path = join(folder, 'data.mdb');
  const bytes = await readFile(path);
  for (const position of DESCRIPTION) {
    const changed = Buffer.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ 0xff;
    await writeFile(path, changed);
    await expect(host.open({ folder }), `byte ${position}`).rejects.toMatchObject(damaged);
  }
});

it('is damage in where the nodes of a page that is in use begin, by which LMDB would move them', async () => {
  const folder = await copyOf(closed);
  const path = join(folder, 'data.mdb');
  const bytes = await readFile(path);
  const isDamagedWith = async (position: number): Promise<boolean> => {
    const changed = Buffer.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ 2;
    await writeFile(path, changed);
    return (await checkEmbeddedMongodb(folder)).damages.length > 0;
  };
  let inUse = 0;
  for (const page of pagesWithNodes(bytes)) {
    const isInUse = await isDamagedWith(page + 18);
    expect(await isDamagedWith(page + 22), `page at ${page}`).toBe(isInUse);
    inUse += Number(isInUse);
  }
  expect(inUse).toBeGreaterThan(10);
});

describe('a file that cannot be opened', () => {
  it.each(['lock.mdb', 'data.mdb'])('ends a start with the reason when it is %s', async (name) => {
    const folder = await copyOf(closed);
    await rm(join(folder, name));
    await mkdir(join(folder, name));
    await expect(host.open({ folder })).rejects.toMatchObject({ name: 'StoreUnreadableError' });
    await expect(read(closed)).resolves.toEqual([documents, documents]);
  });
});

describe('a file that is cut off or gone', () => {
  it.each([0, 100, 4_096, 8_192, 40_000])('is damage when of the data file %s bytes are left', async (length) => {
    const folder = await copyOf(closed);
    await truncate(join(folder, 'data.mdb'), length);
    await expect(host.open({ folder })).rejects.toMatchObject(damaged);
    expect((await checkEmbeddedMongodb(folder)).damages).not.toEqual([]);
  });

  it('is damage when it is the data file of a store that has a log', async () => {
    const folder = await copyOf(killed);
    await rm(join(folder, 'data.mdb'));
    await expect(host.open({ folder })).rejects.toThrow('data.mdb is missing');
  });

  it('is none when a record at the end of the log was not written whole', async () => {
    const folder = await copyOf(killed);
    const log = await logOf(folder);
    await truncate(log, (await readFile(log)).length - 10);
    expect((await read(folder))[0]).toEqual(documents.slice(0, -1));
  });
});

describe('salvage', () => {
  it('keeps what can be read, computes indexes again, and leaves the damaged files', async () => {
    for (const store of [closed, killed]) {
      const folder = await copyOf(store);
      const log = store === killed;
      const file = log ? await logOf(folder) : join(folder, 'data.mdb');
      await flip(file, file.endsWith('.mdb') ? (await positionOf(file, 'k60')) + 30 : 90_000, 0xff);
      const bytes = await readFile(file);
      await expect(host.open({ folder })).rejects.toMatchObject(damaged);
      const [byId = [], byKey = []] = await read(folder, { whenDamaged: 'salvage' });
      expect(byId.length).toBeGreaterThanOrEqual(DOCUMENTS / 2);
      expect(byId.length).toBeLessThan(DOCUMENTS);
      expect(byKey).toEqual(byId);
      expect(documents).toEqual(expect.arrayContaining(byId));
      const kept = (await readdir(folder)).filter((name) => name.startsWith('damaged-'));
      const contents = await Promise.all(kept.map((name) => readFile(join(folder, name))));
      expect(contents.some((content) => content.equals(bytes))).toBe(true);
      expect(await read(folder)).toEqual([byId, byKey]);
      expect((await checkEmbeddedMongodb(folder)).damages).toEqual([]);
    }
  });
});

/** Where pages begin whose flags are those of a branch or a leaf. */
const pagesWithNodes = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 4_096 }, (_, page) => page * 4_096).filter((page) =>
    [1, 2].includes(bytes.readUInt16LE(page + 18)),
  );

/** Where the document with a key is in the data file, the last time. */
async function positionOf(path: string, text: string): Promise<number> {
  return (await readFile(path)).lastIndexOf(Buffer.from(`${text}\0\u0002text`));
}
