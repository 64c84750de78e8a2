import { type QuerySpecification } from '../query/planner';
import { Match } from '../query/query-run';
import { type Collection } from '../storage/collection';
import { type Store } from '../query/store';

/** Documents changed in one write transaction. */
const CHUNK = 200;

/**
 * Finds the matches of a query, then calls a function for each within write transactions, some hundred documents at a
 * time, so that changing a large collection holds nobody up. A document may have changed in between: the function gets
 * its newest state and has to check that it still matches.
 */
export async function forEachChunk(
  store: Store,
  collection: Collection,
  specification: QuerySpecification,
  change: (match: Match) => void,
): Promise<void> {
  const found: number[] = [];
  await store.forEachMatch(store.stream(collection, store.plan(collection, specification)), (match) => {
    found.push(match.recordId);
  });
  for (let start = 0; start < found.length; start += CHUNK) {
    let failure: unknown;
    await store.write(() => {
      if (collection.isDropped) return;
      for (const recordId of found.slice(start, start + CHUNK)) {
        const bytes = collection.read(recordId);
        if (bytes === undefined) continue;
        try {
          change(new Match(recordId, bytes));
        } catch (error) {
          // The documents before this one stay changed, as in MongoDB.
          failure = error;
          return;
        }
      }
    });
    if (failure !== undefined) throw failure as Error;
  }
}
