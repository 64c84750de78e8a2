import { type Database, type RangeOptions } from 'lmdb';
import { sealed, unsealed } from './checked-value';

/** A map in LMDB whose values carry checksums, which are verified at each read. */
export class CheckedDatabase {
  constructor(private readonly database: Database<Buffer, Buffer>) {}

  /** @throws DamagedValue */
  get(key: Buffer): Buffer | undefined {
    const bytes = this.database.get(key);
    return bytes === undefined ? undefined : unsealed(key, bytes);
  }

  doesExist(key: Buffer): boolean {
    return this.database.doesExist(key);
  }

  keys(range: RangeOptions): Iterable<Buffer> {
    return this.database.getKeys(range);
  }

  /** @throws DamagedValue */
  *entries(range: RangeOptions): Generator<{ readonly key: Buffer; readonly value: Buffer }, void, undefined> {
    for (const { key, value } of this.database.getRange(range)) yield { key, value: unsealed(key, value) };
  }

  count(range: RangeOptions): number {
    return this.database.getKeysCount(range);
  }

  /** Within a transaction, as {@link remove}. */
  put(key: Buffer, value: Buffer): void {
    void this.database.put(key, sealed(key, value));
  }

  remove(key: Buffer): void {
    void this.database.remove(key);
  }

  /** What an older format stored. */
  *unsealedEntries(): Generator<{ readonly key: Buffer; readonly value: Buffer }, void, undefined> {
    yield* this.database.getRange({});
  }
}
