import { isDuplicateKey } from '@keptn/mongodb-connection';

/**
 * Makes an upsert whose filter holds the id and excludes newer documents: it fails when one is there. It may also fail because another
 * writer has inserted an older one in the same moment, so it is tried twice.
 */
export async function writeIfNewer(upsert: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await upsert();
      return;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
