import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Int32 } from 'bson';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDocument } from '../bson/document';
import { parseSort } from '../keys/sort-order';
import { type Collection } from '../storage/collection';
import { idPrefix } from '../storage/record-keys';
import { Store } from './store';

describe('a store', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
    store = new Store(folder);
    await store.open();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A collection with 2500 documents, more than the sweeper removes in one write. */
  function fill(): Promise<Collection> {
    return store.write(() => {
      const collection = store.catalog.ensure('test', 'things');
      for (let i = 0; i < 2500; i++) {
        const document = { _id: new Int32(i) };
        collection.insert(document, writeDocument(document));
      }
      return collection;
    });
  }

  async function reopen(): Promise<void> {
    await store.close();
    store = new Store(folder);
    await store.open();
  }

  const entries = (id: number): number =>
    store.environment.entries.count({ start: idPrefix(id), end: idPrefix(id + 1) });
  const records = (id: number): number =>
    store.environment.records.count({ start: idPrefix(id), end: idPrefix(id + 1) });

  it('removes what was dropped, also after a restart in the middle of that', async () => {
    const collection = await fill();
    const [byId] = collection.indexes;
    await store.write(() => {
      store.catalog.remove(collection);
      store.sweeper.discardCollection(collection);
    });
    expect(store.catalog.find('test', 'things')).toBeUndefined();
    await reopen();
    await store.sweeper.finished();
    expect(records(collection.id)).toBe(0);
    expect(entries(byId?.id ?? 0)).toBe(0);
  });

  it('forgets an index whose building was cut off', async () => {
    const collection = await fill();
    const specification = {
      name: 'a_1',
      components: parseSort({ a: 1 }),
      unique: false,
      sparse: false,
      partialFilter: undefined,
      options: {},
    };
    const index = await store.write(() => store.catalog.addIndex(collection, specification, false));
    await store.write(() => collection.insert({ _id: new Int32(-1) }, writeDocument({ _id: new Int32(-1) })));
    expect(entries(index.id)).toBe(1);
    await reopen();
    await store.sweeper.finished();
    expect(store.catalog.find('test', 'things')?.indexes.map(({ name }) => name)).toEqual(['_id_']);
    expect(entries(index.id)).toBe(0);
  });

  it('keeps exact counts', async () => {
    const collection = await fill();
    await store.write(() => {
      collection.remove(1, { _id: new Int32(0) });
      expect(collection.count()).toBe(2499);
    });
    await reopen();
    expect(store.catalog.find('test', 'things')?.count()).toBe(2499);
  });
});
