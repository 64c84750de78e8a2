import { type Document } from 'bson';
import { isDocument, promoteValue, readPromoted, type TypedDocument, writeDocument, asNumber } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { parseFilter } from '../filter/filter';
import { type QuerySpecification } from '../query/planner';
import { parseSort } from '../keys/sort-order';
import { type Collection } from '../storage/collection';
import { type Store } from '../query/store';
import { type CommandHandler, refuseOptions } from './command';
import { cursorBatchSize, DocumentBatches, firstBatch, QueryBatches } from './cursor-reply';
import { countMatches } from './count';
import { isStage, runStages } from './pipeline-stages';

/** Bytes of documents that a pipeline may hold in memory, as MongoDB's limit for a stage. */
const MAX_PIPELINE_BYTES = 100 * 1024 * 1024;

type Stage = Readonly<Record<string, unknown>>;

/** `aggregate`: leading $match, $sort, $skip and $limit use the indexes, mingo does the rest. */
export const aggregate: CommandHandler = async (engine, command) => {
  const { body, database } = command;
  refuseOptions(body, 'collation', 'explain', 'hint', 'let');
  const name = body['aggregate'];
  const stages = pipelineStages(body['pipeline']);
  const namespace = `${database}.${typeof name === 'string' ? name : '$cmd.aggregate'}`;
  const batchSize = cursorBatchSize(body);
  const collection = typeof name === 'string' ? engine.store.catalog.find(database, name) : undefined;
  const { specification, rest } = leadingQuery(stages);
  if (collection !== undefined && rest.length === 0) {
    const stream = engine.store.stream(collection, engine.store.plan(collection, specification));
    return firstBatch(engine.cursors, new QueryBatches(collection, stream, ({ bytes }) => bytes), batchSize, false);
  }
  const results =
    collection !== undefined && isCount(rest)
      ? await countOnly(engine.store, collection, specification, rest)
      : await runPipeline(engine.store, collection, specification, rest);
  return firstBatch(engine.cursors, new DocumentBatches(namespace, results.map(writeDocument)), batchSize, false);
};

/** @throws CommandError for what MongoDB refuses and what is missing here */
function pipelineStages(pipeline: unknown): readonly Stage[] {
  if (!Array.isArray(pipeline))
    throw new CommandError('TypeMismatch', "'pipeline' option must be specified as an array");
  for (const stage of pipeline as unknown[]) {
    const [name, ...others] = isDocument(stage) ? Object.keys(stage) : [];
    if (name === undefined || others.length > 0) {
      throw new CommandError('Location40323', 'A pipeline stage specification object must contain exactly one field.');
    }
    if (!isStage(name)) throw notSupported(`the aggregation stage ${name}`);
  }
  return pipeline as readonly Stage[];
}

/** The stages at the start that a query with an index can answer, and the stages after them. */
function leadingQuery(stages: readonly Stage[]): { specification: QuerySpecification; rest: readonly Stage[] } {
  const filters: TypedDocument[] = [];
  let sort: TypedDocument | undefined;
  let skip: number | undefined;
  let limit: number | undefined;
  let taken = 0;
  for (const stage of stages) {
    const { $match: match, $sort: order, $skip: skipped, $limit: limited } = stage;
    if (isDocument(match) && sort === undefined && skip === undefined && limit === undefined) filters.push(match);
    else if (isDocument(order) && sort === undefined && skip === undefined && limit === undefined) sort = order;
    else if (skipped !== undefined && skip === undefined && limit === undefined) skip = wholeNumber('$skip', skipped);
    else if (limited !== undefined && limit === undefined) limit = wholeNumber('$limit', limited);
    else break;
    taken++;
  }
  const filter = filters.length === 1 ? (filters[0] ?? {}) : filters.length === 0 ? {} : { $and: filters };
  const specification = {
    filter: parseFilter(filter),
    sort: parseSort(sort),
    skip: skip ?? 0,
    limit: limit ?? 0,
  };
  return { specification, rest: stages.slice(taken) };
}

function wholeNumber(stage: string, value: unknown): number {
  const number = asNumber(value);
  if (number === undefined || !Number.isInteger(number) || number < (stage === '$limit' ? 1 : 0)) {
    throw new CommandError('BadValue', `invalid argument to ${stage} stage: ${String(value)}`);
  }
  return number;
}

/** `countDocuments` sends `$group: {_id: 1, n: {$sum: 1}}`; it and `$count` need no documents. */
function isCount(rest: readonly Stage[]): boolean {
  const [stage, ...others] = rest;
  if (stage === undefined || others.length > 0) return false;
  const { $count: field, $group: group } = stage;
  if (typeof field === 'string') return true;
  if (!isDocument(group)) return false;
  const [id, total, ...fields] = Object.entries(group);
  const isConstant = id?.[0] === '_id' && (id[1] === null || asNumber(id[1]) !== undefined);
  const sum = isDocument(total?.[1]) ? total[1]['$sum'] : undefined;
  return isConstant && fields.length === 0 && asNumber(sum) === 1;
}

async function countOnly(
  store: Store,
  collection: Collection,
  specification: QuerySpecification,
  [stage]: readonly Stage[],
): Promise<readonly Document[]> {
  const plan = store.plan(collection, { ...specification, sort: [] });
  const n = await countMatches(store, collection, plan);
  if (n === 0) return [];
  if (typeof stage?.['$count'] === 'string') return [{ [stage['$count']]: n }];
  const group = stage?.['$group'] as TypedDocument;
  const [, total] = Object.keys(group);
  return [{ _id: group['_id'], [total ?? 'n']: n }];
}

async function runPipeline(
  store: Store,
  collection: Collection | undefined,
  specification: QuerySpecification,
  rest: readonly Stage[],
): Promise<readonly Document[]> {
  const stages = rest.map((stage) => promoteValue(stage) as Document);
  return runStages(collection === undefined ? [] : await readAll(store, collection, specification), stages);
}

async function readAll(store: Store, collection: Collection, specification: QuerySpecification): Promise<Document[]> {
  const documents: Document[] = [];
  let size = 0;
  await store.forEachMatch(store.stream(collection, store.plan(collection, specification)), ({ bytes }) => {
    documents.push(readPromoted(bytes));
    size += bytes.length;
    if (size > MAX_PIPELINE_BYTES) {
      throw new CommandError(
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        `Exceeded memory limit of ${MAX_PIPELINE_BYTES} bytes for a pipeline of the embedded store; start it with a narrower $match`,
      );
    }
  });
  return documents;
}
