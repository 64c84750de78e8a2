import { type Document } from 'bson';
import { isDocument } from '../bson/document';
import { CommandError } from '../errors';
import { type IndexPlan } from '../query/index-plan';
import { type QueryPlan, type QuerySpecification } from '../query/planner';
import { keyPattern } from '../keys/index-definition';
import { type Collection } from '../storage/collection';
import { leadingQuery, pipelineStages } from './aggregate';
import { type Command, type CommandHandler, type Engine } from './command';
import { countsByEntries } from './count';
import { selection } from './modification';
import { querySpecification } from './query-arguments';

/** `explain` for find, count, distinct, aggregate (its leading query), update, delete and findAndModify. */
export const explain: CommandHandler = async (engine, command) => {
  const inner = command.body['explain'];
  if (!isDocument(inner)) throw new CommandError('TypeMismatch', 'explain needs a command');
  const [name = ''] = Object.keys(inner);
  const explained = { ...command, name, body: inner };
  const specification = specificationOf(explained);
  const collectionName = String(inner[name]);
  const namespace = `${command.database}.${collectionName}`;
  const collection = engine.store.catalog.find(command.database, collectionName);
  if (collection === undefined)
    return { queryPlanner: { namespace, winningPlan: { stage: 'EOF' }, rejectedPlans: [] }, ok: 1 };
  const plan = engine.store.plan(collection, specification);
  const isCount =
    name === 'count' && (countsByEntries(plan) || (plan.access === undefined && plan.residual === undefined));
  const queryPlanner = { namespace, winningPlan: isCount ? countStage(plan) : stagesOf(plan), rejectedPlans: [] };
  const serverInfo = { host: 'embedded', version: 'embedded' };
  if (command.body['verbosity'] === 'queryPlanner')
    return { explainVersion: '1', queryPlanner, command: inner, serverInfo };
  const executionStats = isCount
    ? countStatistics(engine, collection, plan)
    : await statistics(engine, collection, plan);
  return { explainVersion: '1', queryPlanner, executionStats, command: inner, serverInfo };
};

function specificationOf(command: Command): QuerySpecification {
  const { body } = command;
  switch (command.name) {
    case 'find':
      return querySpecification(body, 'filter');
    case 'count':
    case 'distinct':
      return { ...querySpecification(body, 'query'), sort: [] };
    case 'aggregate':
      return leadingQuery(pipelineStages(body['pipeline']), body).specification;
    case 'findAndModify':
    case 'findandmodify':
      return selection(body, 'query', 1);
    case 'update':
    case 'delete': {
      const statements = body[command.name === 'update' ? 'updates' : 'deletes'];
      const [statement] = Array.isArray(statements) ? (statements as unknown[]) : [];
      return selection(isDocument(statement) ? statement : {}, 'q', 0);
    }
    default:
      throw new CommandError('CommandNotFound', `Explain failed due to unknown command: ${command.name}`);
  }
}

function countStage(plan: QueryPlan): Document {
  return {
    stage: 'COUNT',
    inputStage:
      plan.access === undefined
        ? { stage: 'RECORD_STORE_FAST_COUNT' }
        : { ...indexStage(plan.access), stage: 'COUNT_SCAN' },
  };
}

function stagesOf(plan: QueryPlan): Document {
  const { skip, limit, sort } = plan.specification;
  if (!plan.possible) return { stage: 'EOF' };
  let stage: Document =
    plan.access === undefined ? { stage: 'COLLSCAN', direction: 'forward' } : fetchStage(plan.access);
  if (plan.blockingSort) stage = { stage: 'SORT', sortPattern: keyPattern(sort), inputStage: stage };
  if (skip > 0) stage = { stage: 'SKIP', skipAmount: skip, inputStage: stage };
  if (limit > 0) stage = { stage: 'LIMIT', limitAmount: limit, inputStage: stage };
  return stage;
}

function fetchStage(access: IndexPlan): Document {
  if (access.index.name === '_id_' && access.points === 1) return { stage: 'IDHACK', indexName: '_id_' };
  const scan = indexStage(access);
  return {
    stage: 'FETCH',
    inputStage: access.groups.length > 1 ? { stage: 'SORT_MERGE', inputStages: access.groups.map(() => scan) } : scan,
  };
}

function indexStage(access: IndexPlan): Document {
  const { index } = access;
  return {
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: keyPattern(index.components),
    isMultiKey: index.multikey.includes(true),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partialFilter !== undefined,
    direction: access.reverse ? 'backward' : 'forward',
    boundedComponents: access.points + Number(access.ranged),
  };
}

async function statistics(engine: Engine, collection: Collection, plan: QueryPlan): Promise<Document> {
  const start = performance.now();
  const stream = engine.store.stream(collection, plan);
  let nReturned = 0;
  await engine.store.forEachMatch(stream, () => {
    nReturned++;
  });
  const { keysExamined, docsExamined } = stream.run;
  return executionStatistics(nReturned, keysExamined, docsExamined, performance.now() - start);
}

function countStatistics(engine: Engine, collection: Collection, plan: QueryPlan): Document {
  const start = performance.now();
  const n = plan.access === undefined ? collection.count() : engine.store.countEntries(plan.access);
  return executionStatistics(n, plan.access === undefined ? 0 : n, 0, performance.now() - start);
}

function executionStatistics(nReturned: number, keys: number, documents: number, milliseconds: number): Document {
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: Math.round(milliseconds),
    totalKeysExamined: keys,
    totalDocsExamined: documents,
  };
}
