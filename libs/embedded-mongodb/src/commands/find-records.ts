import { CommandError } from '../errors';
import { type QuerySpecification } from '../query/planner';
import { type Store } from '../query/store';
import { type Collection } from '../storage/collection';

/** The record ids of the matches of a query, by another plan when the index of one is dropped. */
export async function findRecords(
  store: Store,
  collection: Collection,
  specification: QuerySpecification,
): Promise<readonly number[]> {
  while (!collection.isDropped) {
    const found: number[] = [];
    try {
      await store.forEachMatch(store.stream(collection, store.plan(collection, specification)), ({ recordId }) => {
        found.push(recordId);
      });
      return found;
    } catch (error) {
      if (!(error instanceof CommandError && error.codeName === 'QueryPlanKilled')) throw error;
    }
  }
  return [];
}
