import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilterField, toQuery } from '../src/log/event-filter';
import { anEvent, Datastore } from './datastore';

let datastore: Datastore;
let database: mongoose.Connection;

beforeAll(async () => {
  datastore = await Datastore.start();
  // Enough events, and different enough, for a planner to have a reason to choose badly.
  for (let index = 0; index < 40; index++) {
    const data = { project: `p-${index % 3}`, stage: `s-${index % 2}`, service: `v-${index % 5}`, result: 'pass' };
    await datastore.store(anEvent({ shkeptncontext: `c-${index % 8}`, type: `t-${index % 4}`, data }));
  }
  database = await mongoose.createConnection(datastore.databaseUri).asPromise();
});

afterAll(async () => {
  await database.close();
  await datastore.close();
});

const values: Partial<Record<FilterField, readonly string[]>> = {
  shkeptncontext: ['c-1'],
  project: ['p-1'],
  stage: ['s-1'],
  service: ['v-1'],
  type: ['t-1'],
  source: ['https://example.com/a-test'],
  result: ['pass', 'warning'],
};

interface Documented {
  readonly filter: readonly FilterField[];
  /** The fields of the index before the position; those of the filter when left out. */
  readonly index?: readonly FilterField[];
}

const documented: readonly Documented[] = [
  { filter: [] },
  { filter: ['type'] },
  { filter: ['source'] },
  { filter: ['shkeptncontext'] },
  { filter: ['shkeptncontext', 'type'], index: ['shkeptncontext'] },
  {
    filter: ['shkeptncontext', 'type', 'project', 'stage', 'service'],
    index: ['project', 'stage', 'service', 'type'],
  },
  { filter: ['stage'] },
  { filter: ['service'] },
  { filter: ['project'] },
  { filter: ['project', 'source'] },
  { filter: ['project', 'type'] },
  { filter: ['project', 'stage'] },
  { filter: ['project', 'service'] },
  { filter: ['project', 'stage', 'service'] },
  { filter: ['project', 'stage', 'type'] },
  { filter: ['project', 'service', 'type'] },
  { filter: ['project', 'stage', 'service', 'type'] },
  { filter: ['project', 'stage', 'service', 'type', 'result'], index: ['project', 'stage', 'service', 'type'] },
];

const roots: readonly Documented[] = [
  { filter: [] },
  { filter: ['type'] },
  { filter: ['project'] },
  { filter: ['project', 'type'] },
  { filter: ['project', 'stage'] },
  { filter: ['project', 'service'] },
  { filter: ['project', 'stage', 'service'] },
];

interface Plan {
  readonly stages: readonly string[];
  /** The fields of the indexes that are read, in their order. */
  readonly indexes: readonly string[];
}

function planIn(node: unknown): Plan {
  if (node === null || typeof node !== 'object') return { stages: [], indexes: [] };
  const below = Object.values(node).map(planIn);
  return {
    stages: [...('stage' in node ? [String(node.stage)] : []), ...below.flatMap(({ stages }) => stages)],
    indexes: [
      ...('keyPattern' in node ? [Object.keys(node.keyPattern as object).join(', ')] : []),
      ...below.flatMap(({ indexes }) => indexes),
    ],
  };
}

async function planOf(
  collection: string,
  query: mongoose.mongo.Filter<mongoose.mongo.Document>,
  sort: Record<string, 1 | -1>,
): Promise<Plan> {
  const explained = await database.collection(collection).find(query).sort(sort).limit(20).explain('queryPlanner');
  return planIn((explained as { queryPlanner: { winningPlan: unknown } }).queryPlanner.winningPlan);
}

const pageOf = (collection: string, fields: readonly FilterField[], path = ''): Promise<Plan> =>
  planOf(collection, toQuery({ anyOf: Object.fromEntries(fields.map((field) => [field, values[field]])) }, path), {
    [`${path}position`]: -1,
  });

/** Reads one index and nothing else, in the order that is served. */
function expectFromIndex({ stages, indexes }: Plan, fields: readonly string[]): void {
  expect(indexes).toEqual([fields.join(', ')]);
  expect(stages).toContain('IXSCAN');
  expect(stages).not.toContain('COLLSCAN');
  expect(stages).not.toContain('SORT');
}

describe('a page of events', () => {
  it.each(documented.map((query) => [query.filter.join(', '), query] as const))(
    'by [%s] is read from its index, in its order',
    async (_name, { filter, index = filter }) => {
      expectFromIndex(await pageOf('events', filter), [...index, 'position']);
    },
  );
});

describe('a page of root events', () => {
  it.each(roots.map((query) => [query.filter.join(', '), query] as const))(
    'by [%s] is read from its index, in its order',
    async (_name, { filter }) => {
      const path = 'root.';
      expectFromIndex(
        await pageOf('contexts', filter, path),
        [...filter, 'position'].map((field) => path + field),
      );
    },
  );
});

describe('an event', () => {
  it('is found by its id from an index', async () => {
    const { stages, indexes } = await planOf('events', { id: 'x' }, { position: -1 });
    expect(indexes).toEqual(['id, source']);
    expect(stages).not.toContain('COLLSCAN');
  });

  it('is found from an index by those that name it as their cause, as excludeInvalidated asks', async () => {
    const { stages, indexes } = await planOf(
      'events',
      toQuery({ anyOf: { triggeredid: ['a', 'b'], type: ['t-1', 't-2'] } }),
      { position: -1 },
    );
    expect(indexes).toEqual(['triggeredid, type']);
    expect(stages).not.toContain('COLLSCAN');
  });
});
