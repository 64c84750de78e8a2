import { compileFilter } from '../filter/matcher';
import { type QuerySpecification } from '../query/planner';
import { Match } from '../query/query-run';
import { type Collection } from '../storage/collection';
import { type Store } from '../query/store';

/** Up to this many documents are searched within a write transaction, which takes some 20 ms. */
const SEARCHED_IN_TRANSACTION = 2000;
/** How often a document is searched again after somebody else changed the one that was found. */
const MAX_ATTEMPTS = 10;

const STALE = Symbol('the document changed meanwhile');

/** The first match of a selection within a write transaction. */
export function firstMatch(store: Store, collection: Collection, specification: QuerySpecification): Match | undefined {
  if (collection.isDropped) return undefined;
  return store.stream(collection, store.plan(collection, { ...specification, limit: 1 })).all()[0];
}

/** True when finding the first match may mean to read many documents. */
export function needsSearch(store: Store, collection: Collection, specification: QuerySpecification): boolean {
  if (collection.count() <= SEARCHED_IN_TRANSACTION) return false;
  const { access } = store.plan(collection, specification);
  return access === undefined || (access.points === 0 && !access.ranged);
}

/**
 * Finds the first match of a selection and calls a function with it in the same write transaction. When no index leads
 * to it, it is searched beforehand, while others go on, and checked in the transaction.
 *
 * @param mayInsert whether the function inserts when there is no match, which then has to be certain
 */
export async function withFirstMatch<T>(
  store: Store,
  collection: Collection,
  specification: QuerySpecification,
  mayInsert: boolean,
  work: (match: Match | undefined) => T,
): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS && needsSearch(store, collection, specification); attempt++) {
    const recordId = await search(store, collection, specification);
    if (recordId === undefined && mayInsert) break;
    const result = await store.write(() => {
      const match = recordId === undefined ? undefined : current(collection, specification, recordId);
      return recordId !== undefined && match === undefined ? STALE : work(match);
    });
    if (result !== STALE) return result;
  }
  return store.write(() => work(firstMatch(store, collection, specification)));
}

async function search(
  store: Store,
  collection: Collection,
  specification: QuerySpecification,
): Promise<number | undefined> {
  let found: number | undefined;
  const plan = store.plan(collection, { ...specification, limit: 1 });
  await store.forEachMatch(store.stream(collection, plan), ({ recordId }) => {
    found = recordId;
  });
  return found;
}

/** The document with a record id if it still matches. */
function current(collection: Collection, specification: QuerySpecification, recordId: number): Match | undefined {
  const bytes = collection.isDropped ? undefined : collection.read(recordId);
  if (bytes === undefined) return undefined;
  const match = new Match(recordId, bytes);
  return compileFilter(specification.filter)(match.document) ? match : undefined;
}
