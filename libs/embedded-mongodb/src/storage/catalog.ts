import { asNumber, readTyped, type TypedDocument, writeDocument } from '../bson/document';
import { parseSort } from '../keys/sort-order';
import { CommandError } from '../errors';
import { bytesOf } from './byte-map';
import { Collection } from './collection';
import { type Environment } from './environment';
import { type IndexDefinition, keyPattern } from '../keys/index-definition';
import { idOf, idPrefix } from './record-keys';

/** The key of the counter of ids; ids of collections start at 1. */
const COUNTER_KEY = idPrefix(0);
/** The keys of collections. */
const ALL_COLLECTIONS = { start: idPrefix(1), end: idPrefix(0xffffffff) };
/** MongoDB's limit on database names and on namespaces, bytes. */
const MAX_DATABASE_NAME = 63;
const MAX_NAMESPACE = 255;

/** What an index is made from. */
export type IndexSpecification = Omit<IndexDefinition, 'id' | 'ready' | 'multikey' | 'truncated'>;

/** Which collections and indexes exist, in memory and in the store. Changes happen within `Environment.write`. */
export class Catalog {
  private collections = new Map<string, Collection>();
  /** Dropped by the group that is being written. */
  private dropped: Collection[] = [];

  constructor(private readonly environment: Environment) {
    this.load();
  }

  /**
   * Reads the stored state again, after a group of writes was undone. A collection stays the object that commands and cursors
   * hold.
   */
  load(): void {
    const known = new Map([...this.collections.values(), ...this.dropped].map((each) => [each.id, each]));
    this.collections = new Map();
    this.dropped = [];
    for (const { key, value } of this.environment.catalog.entries(ALL_COLLECTIONS)) {
      const id = idOf(key);
      const collection = this.restore(known.get(id), id, readTyped(value));
      this.collections.set(collection.namespace, collection);
      known.delete(id);
    }
    for (const collection of known.values()) collection.isDropped = true;
  }

  /** Tells the readers of the collections that a group dropped, once it is what everybody sees. */
  endDropped(): void {
    for (const collection of this.dropped) collection.isDropped = true;
    this.dropped = [];
  }

  all(): readonly Collection[] {
    return [...this.collections.values()];
  }

  inDatabase(database: string): readonly Collection[] {
    return this.all().filter((collection) => collection.database === database);
  }

  find(database: string, name: string): Collection | undefined {
    return this.collections.get(`${database}.${name}`);
  }

  /** Whether a collection that was found before is still there, for those that write. */
  has(collection: Collection): boolean {
    return this.collections.get(collection.namespace) === collection;
  }

  /** The collection, made when it does not exist. @throws CommandError InvalidNamespace */
  ensure(database: string, name: string, options: TypedDocument = {}): Collection {
    const existing = this.find(database, name);
    if (existing !== undefined) return existing;
    checkNamespace(database, name);
    const id = this.nextId();
    const idIndex = {
      name: '_id_',
      components: parseSort({ _id: 1 }),
      unique: true,
      sparse: false,
      partialFilter: undefined,
      options: {},
    };
    const definition = { ...idIndex, id: this.nextId(), ready: true, multikey: [false], truncated: false };
    const collection = this.make(id, database, name, options, [definition]);
    this.collections.set(collection.namespace, collection);
    this.save(collection);
    return collection;
  }

  /** Takes a collection out of the catalog; its documents are swept afterwards. */
  remove(collection: Collection): void {
    this.dropped.push(collection);
    this.collections.delete(collection.namespace);
    this.environment.catalog.remove(idPrefix(collection.id));
    this.environment.counts.remove(idPrefix(collection.id));
  }

  /** Adds an index that is not ready yet. */
  addIndex(collection: Collection, specification: IndexSpecification, ready: boolean): IndexDefinition {
    const multikey = specification.components.map(() => false);
    const index = { ...specification, id: this.nextId(), ready, multikey, truncated: false };
    collection.indexes = [...collection.indexes, index];
    this.save(collection);
    return index;
  }

  /** Takes an index out; its entries are swept afterwards. */
  removeIndex(collection: Collection, index: IndexDefinition): void {
    collection.indexes = collection.indexes.filter(({ id }) => id !== index.id);
    this.save(collection);
  }

  /** Writes down how many documents the collections have. */
  saveCounts(): void {
    for (const collection of this.collections.values()) collection.saveCount();
  }

  /** Writes down the state of a collection. */
  save(collection: Collection): void {
    const indexes = collection.indexes.map((index) => ({
      ...index,
      components: keyPattern(index.components),
      partialFilter: index.partialFilter ?? null,
    }));
    const { database, name, options } = collection;
    this.environment.catalog.put(idPrefix(collection.id), writeDocument({ database, name, options, indexes }));
  }

  private nextId(): number {
    const stored = this.environment.catalog.get(COUNTER_KEY);
    const id = (stored?.readUInt32BE(0) ?? 0) + 1;
    this.environment.catalog.put(COUNTER_KEY, bytesOf(idPrefix(id)));
    return id;
  }

  private restore(known: Collection | undefined, id: number, stored: TypedDocument): Collection {
    const indexes = (stored['indexes'] as TypedDocument[]).map(restoreIndex);
    if (known === undefined) {
      const options = stored['options'] as TypedDocument;
      return this.make(id, String(stored['database']), String(stored['name']), options, indexes);
    }
    known.restore(indexes);
    return known;
  }

  private make(
    id: number,
    database: string,
    name: string,
    options: TypedDocument,
    indexes: readonly IndexDefinition[],
  ): Collection {
    return new Collection(this.environment, id, database, name, options, indexes, (changed) => {
      this.save(changed);
    });
  }
}

function restoreIndex(stored: TypedDocument): IndexDefinition {
  return {
    id: asNumber(stored['id']) ?? 0,
    name: String(stored['name']),
    components: parseSort(stored['components']),
    unique: stored['unique'] === true,
    sparse: stored['sparse'] === true,
    partialFilter: (stored['partialFilter'] ?? undefined) as TypedDocument | undefined,
    options: stored['options'] as TypedDocument,
    ready: stored['ready'] === true,
    multikey: stored['multikey'] as boolean[],
    truncated: stored['truncated'] === true,
  };
}

function checkNamespace(database: string, name: string): void {
  const isBadDatabase =
    database === '' || Buffer.byteLength(database) > MAX_DATABASE_NAME || /[/\\. "$\0]/.test(database);
  const isBadName =
    name === '' || name.startsWith('.') || name.endsWith('.') || /[$\0]/.test(name) || name.startsWith('system.');
  if (isBadDatabase || isBadName || Buffer.byteLength(`${database}.${name}`) > MAX_NAMESPACE) {
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${database}.${name}'`);
  }
}
