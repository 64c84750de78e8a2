import { compileFilter } from '../filter/matcher';
import { type QuerySpecification } from '../query/planner';
import { Match } from '../query/query-run';
import { type Collection } from '../storage/collection';
import { type Store } from '../query/store';
import { type Command, durabilityOf, type Engine, findCollection } from './command';
import { findRecords } from './find-records';

/** Up to this many documents are searched within a write transaction, which takes some 20 ms. */
const SEARCHED_IN_TRANSACTION = 2000;
/** How often a document is searched again after somebody else changed the one that was found. */
const MAX_ATTEMPTS = 10;

const STALE = Symbol('the document or its collection changed meanwhile');

/** A document to change, and where it is. */
export interface Target {
  readonly collection: Collection;
  readonly match: Match;
}

/** The first match of a selection within a write transaction. */
export function firstMatch(engine: Engine, command: Command, specification: QuerySpecification): Target | undefined {
  const { store } = engine;
  const collection = findCollection(engine, command);
  if (collection === undefined) return undefined;
  const [match] = store.stream(collection, store.plan(collection, { ...specification, limit: 1 })).all();
  return match === undefined ? undefined : { collection, match };
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
  engine: Engine,
  command: Command,
  specification: QuerySpecification,
  mayInsert: boolean,
  work: (target: Target | undefined) => T,
): Promise<T> {
  const { store } = engine;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const collection = findCollection(engine, command);
    if (collection === undefined || !needsSearch(store, collection, specification)) break;
    const [recordId] = await findRecords(store, collection, { ...specification, limit: 1 });
    if (recordId === undefined && mayInsert) break;
    const result = await store.write(() => {
      if (!store.catalog.has(collection)) return STALE;
      const target = recordId === undefined ? undefined : current(collection, specification, recordId);
      return recordId !== undefined && target === undefined ? STALE : work(target);
    }, durabilityOf(command));
    if (result !== STALE) return result;
  }
  return store.write(() => work(firstMatch(engine, command, specification)), durabilityOf(command));
}

/** The document with a record id if it still matches. */
function current(collection: Collection, specification: QuerySpecification, recordId: number): Target | undefined {
  const bytes = collection.read(recordId);
  if (bytes === undefined) return undefined;
  const match = new Match(recordId, bytes);
  return compileFilter(specification.filter)(match.document) ? { collection, match } : undefined;
}
