import { isDuplicateKey } from '@keptn/mongodb-connection';

/** Which version of a document a write makes. */
export interface Version {
  /** Matches documents that are older. */
  readonly older: Readonly<Record<string, unknown>>;
  /**
   * When the rebuild began that writes. What was saved before gives way to it however new it is, since the events that it was made from
   * may have left the log.
   */
  readonly rebuiltSince?: Date | undefined;
}

type Upsert = (replaced: Readonly<Record<string, unknown>>) => Promise<unknown>;

/**
 * Makes an upsert whose filter holds the id and what may be replaced: it fails when a newer document is there. It may also fail because
 * another writer has inserted an older one in the same moment, so it is tried twice.
 */
export async function writeIfNewer({ older, rebuiltSince }: Version, upsert: Upsert): Promise<void> {
  const replaced = rebuiltSince === undefined ? older : { $or: [older, { savedAt: { $lt: rebuiltSince } }] };
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await upsert(replaced);
      return;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
