import { type QuerySpecification } from '../query/planner';
import { Match } from '../query/query-run';
import { type Command, type Engine, findCollection } from './command';
import { findRecords } from './find-records';
import { type Target } from './target';

/** Documents changed in one write transaction. */
const CHUNK = 200;

/**
 * Finds the matches of a query, then calls a function for each within write transactions, some hundred documents at a
 * time, so that changing a large collection holds nobody up. A document may have changed in between: the function gets
 * its newest state and has to check that it still matches.
 */
export async function forEachChunk(
  engine: Engine,
  command: Command,
  specification: QuerySpecification,
  change: (target: Target) => void,
): Promise<void> {
  const { store } = engine;
  // A drop that is being written hides the collection, and may be undone.
  const collection = findCollection(engine, command) ?? (await store.write(() => findCollection(engine, command)));
  if (collection === undefined) return;
  const found = await findRecords(store, collection, specification);
  for (let start = 0; start < found.length; start += CHUNK) {
    let failure: unknown;
    await store.write(() => {
      if (!store.catalog.has(collection)) return;
      for (const recordId of found.slice(start, start + CHUNK)) {
        const bytes = collection.read(recordId);
        if (bytes === undefined) continue;
        try {
          change({ collection, match: new Match(recordId, bytes) });
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
