import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document } from 'bson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPromoted, readTyped, writeDocument } from '../src/bson/document';
import { RawDocument } from '../src/bson/raw-document';
import { type Engine } from '../src/commands/command';
import { CursorRegistry } from '../src/commands/cursor-registry';
import { dispatch } from '../src/commands/dispatcher';
import { IndexBuilds } from '../src/commands/index-builds';
import { Store } from '../src/query/store';
import { idPrefix } from '../src/storage/record-keys';

const DOCUMENTS = 1_000;

describe('a group of writes that is undone', () => {
  let folder: string;
  let store: Store;
  let engine: Engine;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
    store = new Store(folder);
    await store.open();
    const cursors = new CursorRegistry();
    engine = { store, cursors, indexBuilds: new IndexBuilds(store), startedAt: new Date(), connectionCount: () => 0 };
    const documents = Array.from({ length: DOCUMENTS }, (_, n) => ({ _id: n, n, a: 1 }));
    await run({ insert: 'things', documents });
  });
  afterEach(async () => {
    engine.cursors.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(body: Document): Promise<Document> {
    const [name = ''] = Object.keys(body);
    const sent = readTyped(writeDocument(body));
    const command = { name, database: 'test', body: sent, sequences: new Map(), connectionId: 1 };
    const reply = await dispatch(engine, command, () => undefined);
    return reply instanceof RawDocument ? readPromoted(reply.bytes()) : reply;
  }

  /** A write that ends half-way, as one does that finds the disk full. */
  const breakOff = (): Promise<void> =>
    expect(
      store.write(() => {
        store.catalog.ensure('test', 'half');
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');

  /** The reply to a command that was under way when the group failed. */
  async function runMeanwhile(body: Document): Promise<Document> {
    const [, reply] = await Promise.all([breakOff(), run(body)]);
    return reply;
  }

  /** The number of entries of an index, by its place. */
  function entriesOf(place: number): number {
    const id = store.catalog.find('test', 'things')?.indexes[place]?.id ?? 0;
    return store.environment.entries.count({ start: idPrefix(id), end: idPrefix(id + 1) });
  }

  const count = async (query: Document): Promise<unknown> => (await run({ count: 'things', query }))['n'];
  const indexOf = (key: Document, unique = false): Document => ({
    createIndexes: 'things',
    indexes: [{ key, name: Object.keys(key).join('_'), unique }],
  });

  it('takes nothing away from a delete that is under way', async () => {
    expect(await runMeanwhile({ delete: 'things', deletes: [{ q: { n: 5 }, limit: 1 }] })).toMatchObject({ n: 1 });
    const all = { delete: 'things', deletes: [{ q: { a: 1 }, limit: 0 }] };
    expect(await runMeanwhile(all)).toMatchObject({ n: DOCUMENTS - 1 });
    expect(await count({})).toBe(0);
  });

  it('makes no update insert what is there', async () => {
    const update = { q: { n: 5 }, u: { $set: { b: 1 } }, upsert: true };
    for (const multi of [true, false]) {
      const reply = await runMeanwhile({ update: 'things', updates: [{ ...update, multi }] });
      expect(reply).toMatchObject({ n: 1 });
      expect(reply).not.toHaveProperty('upserted');
    }
    const reply = await runMeanwhile({ findAndModify: 'things', query: { n: 5 }, update: { $set: { b: 2 } } });
    expect(reply).toMatchObject({ lastErrorObject: { updatedExisting: true } });
    expect(await count({})).toBe(DOCUMENTS);
  });

  it('leaves cursors open', async () => {
    const { cursor } = await run({ find: 'things', batchSize: 10 });
    await breakOff();
    const more = await run({ getMore: (cursor as { id: unknown }).id, collection: 'things' });
    expect((more['cursor'] as { nextBatch: unknown[] }).nextBatch).toHaveLength(DOCUMENTS - 10);
  });

  it('takes back the drop of a collection, and its readers and writers go on', async () => {
    const { cursor } = await run({ find: 'things', batchSize: 10 });
    const dropped = run({ drop: 'things' });
    await breakOff();
    expect(await dropped).toMatchObject({ ok: 0 });
    const more = await run({ getMore: (cursor as { id: unknown }).id, collection: 'things', batchSize: 10 });
    expect((more['cursor'] as { nextBatch: unknown[] }).nextBatch).toHaveLength(10);
    await run({ insert: 'things', documents: [{ _id: 'new', n: -1 }] });
    expect(await count({})).toBe(DOCUMENTS + 1);
  });

  it('does not bring an index back that is dropped behind it', async () => {
    await run(indexOf({ a: 1 }));
    expect(await runMeanwhile({ dropIndexes: 'things', index: 'a' })).toMatchObject({ ok: 1 });
    await store.sweeper.finished();
    expect(await count({ a: 1 })).toBe(DOCUMENTS);
  });

  it('leaves no half-built index: the next who wants it builds it', async () => {
    const building = run(indexOf({ n: 1 }, true));
    while (entriesOf(1) === 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([breakOff(), building]);
    expect(await run(indexOf({ n: 1 }, true))).toMatchObject({ ok: 1 });
    const { winningPlan } = (await run({ explain: { find: 'things', filter: { n: 5 } } }))['queryPlanner'] as Document;
    expect(winningPlan).toMatchObject({ inputStage: { indexName: 'n' } });
    expect(await run({ insert: 'things', documents: [{ n: DOCUMENTS - 1 }] })).toMatchObject({
      n: 0,
      writeErrors: [{ code: 11_000 }],
    });
  });
});
