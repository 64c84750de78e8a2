import { equalValues } from '../bson/compare';
import { fieldOf, readTyped, type TypedDocument } from '../bson/document';
import { fieldAtPath } from '../bson/path';
import { type Key, type KeySpan } from './byte-map';
import { duplicateKey } from './duplicate-key';
import { type Environment } from './environment';
import { type IndexDefinition } from '../keys/index-definition';
import { documentKeys, type DocumentKeys, IndexedDocument } from './index-keys';
import { entriesOf, entryKey, idPrefix, NO_VALUE, recordIdOf, recordKey } from './record-keys';

/** Up to this many pairs of keys are compared one by one, which is quicker than a set; most documents have one key. */
const FEW_PAIRS = 64;

/** A stored document. */
export interface StoredRecord {
  readonly recordId: number;
  readonly bytes: Buffer;
}

/** The entries that a write adds and removes in one index. */
interface EntryChange {
  readonly index: IndexDefinition;
  readonly added: readonly Key[];
  readonly removed: readonly Key[];
}

/**
 * A collection: its documents and the entries of its indexes. Writing methods run within `Environment.write`; each
 * checks everything first, so that it either throws a CommandError or writes all.
 */
export class Collection {
  private nextRecordId: number;
  private countChange = 0;
  /** Set once everybody sees that the collection was dropped, so that open cursors end. */
  isDropped = false;

  /**
   * @param onIndexChange called when an index learned that it has arrays or long keys, to save that
   */
  constructor(
    private readonly environment: Environment,
    readonly id: number,
    readonly database: string,
    readonly name: string,
    readonly options: TypedDocument,
    /** All indexes, that on _id first; replaced when indexes come and go. */
    public indexes: readonly IndexDefinition[],
    private readonly onIndexChange: (collection: Collection) => void,
  ) {
    this.nextRecordId = this.lastRecordId() + 1;
  }

  get namespace(): string {
    return `${this.database}.${this.name}`;
  }

  /** Goes back to what is stored, after a group of writes was undone. */
  restore(indexes: readonly IndexDefinition[]): void {
    this.indexes = indexes;
    this.nextRecordId = this.lastRecordId() + 1;
    this.countChange = 0;
  }

  hasIndex(id: number): boolean {
    return this.indexes.some((index) => index.id === id);
  }

  /** The bytes of a document. */
  read(recordId: number): Buffer | undefined {
    return this.environment.records.get(recordKey(this.id, recordId));
  }

  /** Stores a new document. @throws CommandError DuplicateKey */
  insert(document: TypedDocument, bytes: Buffer): number {
    const recordId = this.nextRecordId;
    const indexed = new IndexedDocument(document);
    const changes = this.indexes.map((index) => this.entryChange(index, recordId, indexed));
    this.nextRecordId++;
    this.countChange++;
    // Copied, as it may be a small part of a large message.
    this.environment.records.put(recordKey(this.id, recordId), Buffer.from(bytes));
    this.applyChanges(changes, recordId);
    return recordId;
  }

  /** Replaces a stored document. @throws CommandError DuplicateKey */
  replace(recordId: number, before: TypedDocument, after: TypedDocument, bytes: Buffer): void {
    const [indexedAfter, indexedBefore] = [new IndexedDocument(after), new IndexedDocument(before)];
    const changes = this.indexes
      .filter(mayBeChanged(before, after))
      .map((index) => this.entryChange(index, recordId, indexedAfter, indexedBefore));
    this.environment.records.put(recordKey(this.id, recordId), bytes);
    this.applyChanges(changes, recordId);
  }

  /** Removes a stored document. */
  remove(recordId: number, document: TypedDocument): void {
    const indexed = new IndexedDocument(document);
    for (const index of this.indexes) {
      for (const key of documentKeys(index, indexed).keys) {
        this.environment.entries.remove(entryKey(index.id, key, recordId));
      }
    }
    this.environment.records.remove(recordKey(this.id, recordId));
    this.countChange--;
  }

  /** Adds the entries of a document to an index that is being built. @throws CommandError DuplicateKey */
  addToIndex(index: IndexDefinition, { recordId, bytes }: StoredRecord): void {
    this.applyChanges([this.entryChange(index, recordId, new IndexedDocument(readTyped(bytes)))], recordId);
  }

  /** All record ids, in their order. */
  recordIds(): readonly number[] {
    return [...this.environment.records.keys(this.allRecords())].map(recordIdOf);
  }

  /** Counts the documents one by one. */
  recount(): void {
    this.countChange += this.environment.records.count(this.allRecords()) - this.storedCount();
  }

  /** Adds the entries of a document to all indexes, also where it has the unique key of another. */
  indexAgain(recordId: number): void {
    const indexed = new IndexedDocument(readTyped(this.read(recordId) ?? Buffer.alloc(0)));
    for (const index of this.indexes) {
      const keys = documentKeys(index, indexed);
      this.noteShape(index, keys);
      this.applyChanges([{ index, added: keys.keys, removed: [] }], recordId);
    }
  }

  /** The number of documents. */
  count(): number {
    return this.storedCount() + (this.environment.isWriting ? this.countChange : 0);
  }

  /** Writes down how many documents there are now, at the end of a group of writes. */
  saveCount(): void {
    if (this.countChange === 0) return;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(this.storedCount() + this.countChange, 0);
    this.countChange = 0;
    this.environment.counts.put(idPrefix(this.id), bytes);
  }

  private storedCount(): number {
    return this.environment.counts.get(idPrefix(this.id))?.readDoubleBE(0) ?? 0;
  }

  private entryChange(
    index: IndexDefinition,
    recordId: number,
    after: IndexedDocument,
    before?: IndexedDocument,
  ): EntryChange {
    const current = before === undefined ? [] : documentKeys(index, before).keys;
    const wanted = documentKeys(index, after);
    const added = without(wanted.keys, current);
    if (index.unique) this.refuseDuplicate(index, added, recordId, after.document);
    this.noteShape(index, wanted);
    return { index, added, removed: without(current, wanted.keys) };
  }

  private refuseDuplicate(
    index: IndexDefinition,
    keys: readonly Key[],
    recordId: number,
    document: TypedDocument,
  ): void {
    for (const key of keys) {
      for (const found of this.environment.entries.keys(entriesOf(index.id, key))) {
        if (recordIdOf(found) === recordId) break;
        throw duplicateKey(this.namespace, index, (parts) => fieldAtPath(document, parts));
      }
    }
  }

  /** What an index learned stays true after documents went away; it only makes plans more careful. */
  private noteShape(index: IndexDefinition, { arrays, truncated }: DocumentKeys): void {
    const isNew = arrays.some((position) => index.multikey[position] !== true) || (truncated && !index.truncated);
    if (!isNew) return;
    for (const position of arrays) index.multikey[position] = true;
    index.truncated ||= truncated;
    this.onIndexChange(this);
  }

  private applyChanges(changes: readonly EntryChange[], recordId: number): void {
    for (const { index, added, removed } of changes) {
      for (const key of removed) this.environment.entries.remove(entryKey(index.id, key, recordId));
      for (const key of added) this.environment.entries.put(entryKey(index.id, key, recordId), NO_VALUE);
    }
  }

  private allRecords(): KeySpan {
    return { start: idPrefix(this.id), end: idPrefix(this.id + 1) };
  }

  private lastRecordId(): number {
    const range = { start: idPrefix(this.id + 1), end: idPrefix(this.id), reverse: true };
    for (const key of this.environment.records.keys(range)) return recordIdOf(key);
    return 0;
  }
}

/** The keys that are not among others. */
function without(keys: readonly Key[], others: readonly Key[]): readonly Key[] {
  if (keys.length * others.length <= FEW_PAIRS) return keys.filter((key) => !others.includes(key));
  const excluded = new Set(others);
  return keys.filter((key) => !excluded.has(key));
}

/** Tells which indexes may have other entries for a document than before: most updates change fields that few indexes have. */
function mayBeChanged(before: TypedDocument, after: TypedDocument): (index: IndexDefinition) => boolean {
  const known = new Map<string, boolean>();
  const isChanged = (field: string): boolean => {
    const [one, other] = [fieldOf(before, field), fieldOf(after, field)];
    // A missing field equals null, but a sparse index tells them apart.
    const answer = known.get(field) ?? ((one === undefined) !== (other === undefined) || !equalValues(one, other));
    known.set(field, answer);
    return answer;
  };
  return ({ components, partialFilter }) =>
    partialFilter !== undefined || components.some(({ parts: [field = ''] }) => isChanged(field));
}
