import { type Document } from 'bson';
import { isDocument } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { keyPattern } from '../keys/index-definition';
import { type IndexPlan } from '../query/index-plan';
import { type QueryPlan } from '../query/planner';
import { type Collection } from '../storage/collection';
import { type CommandHandler, type Engine } from './command';
import { querySpecification } from './query-arguments';

/** `explain` of a find. */
export const explain: CommandHandler = async (engine, command) => {
  const inner = command.body['explain'];
  if (!isDocument(inner)) throw new CommandError('TypeMismatch', 'explain needs a command');
  const [name = ''] = Object.keys(inner);
  if (name !== 'find') throw notSupported(`explain of ${name}`);
  const collection = engine.store.catalog.find(command.database, String(inner[name]));
  const namespace = `${command.database}.${String(inner[name])}`;
  if (collection === undefined) {
    return { queryPlanner: { namespace, winningPlan: { stage: 'EOF' }, rejectedPlans: [] } };
  }
  const plan = engine.store.plan(collection, querySpecification(inner, 'filter'));
  const reply = {
    explainVersion: '1',
    queryPlanner: { namespace, winningPlan: stagesOf(plan), rejectedPlans: [] },
    command: inner,
  };
  if (command.body['verbosity'] === 'queryPlanner') return reply;
  return { ...reply, executionStats: await statistics(engine, collection, plan) };
};

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
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: Math.round(performance.now() - start),
    totalKeysExamined: keysExamined,
    totalDocsExamined: docsExamined,
  };
}
