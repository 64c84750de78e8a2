import { CommandError } from '../errors';
import { type IndexDefinition } from '../keys/index-definition';
import { EventLoopShare } from '../query/event-loop-share';
import { CollectionScan } from '../query/scan';
import { type Store } from '../query/store';
import { type Collection } from '../storage/collection';

/** Documents added to a new index in one write transaction. */
const DOCUMENTS_PER_WRITE = 100;

/** Adds existing documents to new indexes; writers keep those up to date meanwhile, and no query uses them yet. */
export class IndexBuilds {
  /** What is under way, by the id of the index. */
  private readonly running = new Map<number, Promise<void>>();

  constructor(private readonly store: Store) {}

  /**
   * Resolves when the indexes hold all documents. An index that somebody else builds is waited for, and one that a failed build
   * could not remove is built again.
   *
   * @param ids of the indexes, which are in the catalog
   * @throws CommandError when that is not possible; the indexes are gone then
   */
  async finish(collection: Collection, ids: readonly number[]): Promise<void> {
    const idle = new Set(ids.filter((id) => !this.running.has(id)));
    if (idle.size > 0) {
      const build = this.build(collection, idle).finally(() => {
        for (const id of idle) this.running.delete(id);
      });
      for (const id of idle) this.running.set(id, build);
    }
    await Promise.all(ids.flatMap((id) => this.running.get(id) ?? []));
  }

  private async build(collection: Collection, ids: ReadonlySet<number>): Promise<void> {
    const { store } = this;
    const scan = new CollectionScan(store.environment, collection);
    try {
      for (let isLast = false; !isLast;) {
        isLast = await store.write(() => addSome(collection, this.wanted(collection, ids), scan));
        await new EventLoopShare().nextTurn();
      }
      await store.write(() => {
        for (const index of this.wanted(collection, ids)) index.ready = true;
        store.catalog.save(collection);
      });
    } catch (error) {
      // What cannot be removed now is not used, and built again when it is asked for.
      await this.discard(collection, ids).catch(() => undefined);
      throw error;
    }
  }

  private async discard(collection: Collection, ids: ReadonlySet<number>): Promise<void> {
    const { catalog, sweeper } = this.store;
    await this.store.write(() => {
      if (!catalog.has(collection)) return;
      for (const index of collection.indexes.filter(({ id }) => ids.has(id))) {
        catalog.removeIndex(collection, index);
        sweeper.discardIndex(index);
      }
    });
    sweeper.start();
  }

  /** @throws CommandError when one was dropped */
  private wanted(collection: Collection, ids: ReadonlySet<number>): readonly IndexDefinition[] {
    const found = this.store.catalog.has(collection) ? collection.indexes.filter(({ id }) => ids.has(id)) : [];
    if (found.length < ids.size) {
      throw new CommandError(
        'IndexBuildAborted',
        `the indexes of ${collection.namespace} were dropped while they were built`,
      );
    }
    return found;
  }
}

/** @returns true when there are no more documents */
function addSome(collection: Collection, indexes: readonly IndexDefinition[], scan: CollectionScan): boolean {
  const records = [];
  for (const { recordId, bytes } of scan.candidates()) {
    if (bytes !== undefined) records.push({ recordId, bytes });
    if (records.length >= DOCUMENTS_PER_WRITE) break;
  }
  for (const record of records) {
    for (const index of indexes) collection.addToIndex(index, record);
  }
  return records.length < DOCUMENTS_PER_WRITE;
}
