import { compareValues } from '../bson/compare';
import { type TypedDocument } from '../bson/document';
import { splitPath, someAtPath } from '../bson/path';
import { encodeValue } from '../keys/key-encoding';
import { CommandError } from '../errors';
import { type QueryPlan } from '../query/planner';
import { type Collection } from '../storage/collection';
import { type Store } from '../query/store';
import { type CommandHandler, findCollection } from './command';
import { querySpecification } from './query-arguments';

/** `count`. */
export const count: CommandHandler = async (engine, command) => {
  const specification = querySpecification(command.body, 'query');
  const collection = findCollection(engine, command);
  if (collection === undefined) return { n: 0 };
  const plan = engine.store.plan(collection, { ...specification, sort: [] });
  return { n: await countMatches(engine.store, collection, plan) };
};

/** True when the index entries of a plan are as many as its matches. */
function countsByEntries(plan: QueryPlan): boolean {
  return plan.residual === undefined && plan.access?.index.multikey.includes(true) === false;
}

/** The number of matches after skip and limit, without reading documents where the index decides. */
export async function countMatches(store: Store, collection: Collection, plan: QueryPlan): Promise<number> {
  const { skip, limit } = plan.specification;
  const all = countDirectly(store, collection, plan);
  if (all !== undefined) {
    const rest = Math.max(0, all - skip);
    return limit === 0 ? rest : Math.min(rest, limit);
  }
  let matches = 0;
  await store.forEachMatch(store.stream(collection, plan), () => {
    matches++;
  });
  return matches;
}

function countDirectly(store: Store, collection: Collection, plan: QueryPlan): number | undefined {
  if (!plan.possible) return 0;
  if (plan.access === undefined) return plan.residual === undefined ? collection.count() : undefined;
  return countsByEntries(plan) ? store.countEntries(plan.access) : undefined;
}

/** `distinct`. */
export const distinct: CommandHandler = async (engine, command) => {
  const { key } = command.body;
  if (typeof key !== 'string') throw new CommandError('TypeMismatch', "field 'key' has to be a string");
  const specification = querySpecification(command.body, 'query');
  const collection = findCollection(engine, command);
  if (collection === undefined) return { values: [] };
  const path = splitPath(key);
  const found = new Map<string, unknown>();
  const plan = engine.store.plan(collection, { ...specification, sort: [] });
  await engine.store.forEachMatch(engine.store.stream(collection, plan), ({ document }) => {
    for (const value of distinctValues(document, path)) noteValue(found, value);
  });
  return { values: [...found.values()].sort(compareValues) };
};

/** Of equal numbers of different kinds the first one found is kept. */
function noteValue(found: Map<string, unknown>, value: unknown): void {
  const key = encodeValue(value).toString('latin1');
  if (!found.has(key)) found.set(key, value);
}

function distinctValues(document: TypedDocument, path: readonly string[]): readonly unknown[] {
  const values: unknown[] = [];
  someAtPath(document, path, (value) => {
    const reached = Array.isArray(value) ? (value as unknown[]) : [value];
    for (const each of reached) if (each !== undefined) values.push(each);
    return false;
  });
  return values;
}
