import { type Collection } from './collection';
import { type ByteMap, type Key } from './byte-map';
import { type Environment } from './environment';
import { type IndexDefinition } from '../keys/index-definition';
import { idOf, idPrefix, NO_VALUE } from './record-keys';

const RECORDS = 0;
const ENTRIES = 1;
/** Keys removed in one write, which takes a few milliseconds. */
const KEYS_PER_WRITE = 1000;

/** Removes the documents and entries of what was dropped, bit by bit, also after a restart. */
export class Sweeper {
  private sweeping: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly environment: Environment) {}

  /** Notes a dropped collection; runs within `Environment.write`. */
  discardCollection(collection: Collection): void {
    this.environment.trash.put(trashKey(RECORDS, collection.id), NO_VALUE);
    for (const index of collection.indexes) this.discardIndex(index);
  }

  /** Notes a dropped index; runs within `Environment.write`. */
  discardIndex(index: IndexDefinition): void {
    this.environment.trash.put(trashKey(ENTRIES, index.id), NO_VALUE);
  }

  /** Starts to remove what was noted. */
  start(): void {
    // What cannot be removed now is removed after the next start; failing writers are told about the cause.
    this.sweeping ??= this.sweep()
      .catch(() => undefined)
      .finally(() => {
        this.sweeping = undefined;
      });
  }

  /** Resolves when everything that was noted is removed. */
  async finished(): Promise<void> {
    await this.sweeping;
  }

  /** Ends after the write that is under way; the rest is removed after the next start. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    for (let next = this.nextTrash(); next !== undefined && !this.isStopped; next = this.nextTrash()) {
      await this.environment.write(this.sweepSome(next));
    }
  }

  private nextTrash(): Key | undefined {
    for (const key of this.environment.trash.keys({ start: trashKey(RECORDS, 0), end: trashKey(ENTRIES + 1, 0) })) {
      return key;
    }
    return undefined;
  }

  private sweepSome(trash: Key): () => void {
    const id = idOf(trash.slice(1));
    const map: ByteMap = trash.charCodeAt(0) === RECORDS ? this.environment.records : this.environment.entries;
    return () => {
      const keys = firstOf(map.keys({ start: idPrefix(id), end: idPrefix(id + 1) }), KEYS_PER_WRITE);
      for (const key of keys) map.remove(key);
      if (keys.length < KEYS_PER_WRITE) this.environment.trash.remove(trash);
    };
  }
}

function trashKey(kind: number, id: number): Key {
  return String.fromCharCode(kind) + idPrefix(id);
}

function firstOf(keys: Iterable<Key>, count: number): Key[] {
  const found: Key[] = [];
  for (const key of keys) {
    if (found.push(key) === count) break;
  }
  return found;
}
