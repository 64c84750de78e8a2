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

const documented: FilterField[][] = [
  [],
  ['type'],
  ['source'],
  ['shkeptncontext'],
  ['shkeptncontext', 'type'],
  ['shkeptncontext', 'type', 'project', 'stage', 'service'],
  ['stage'],
  ['service'],
  ['project'],
  ['project', 'source'],
  ['project', 'type'],
  ['project', 'stage'],
  ['project', 'service'],
  ['project', 'stage', 'service'],
  ['project', 'stage', 'type'],
  ['project', 'service', 'type'],
  ['project', 'stage', 'service', 'type'],
  ['project', 'stage', 'service', 'type', 'result'],
];

const roots: FilterField[][] = [
  [],
  ['type'],
  ['project'],
  ['project', 'type'],
  ['project', 'stage'],
  ['project', 'service'],
  ['project', 'stage', 'service'],
];

const stagesOf = (plan: unknown): string[] =>
  plan !== null && typeof plan === 'object'
    ? Object.entries(plan).flatMap(([key, value]) => (key === 'stage' ? [String(value)] : stagesOf(value)))
    : [];

const planOf = async (collection: string, fields: readonly FilterField[], path = ''): Promise<string[]> => {
  const filter = { anyOf: Object.fromEntries(fields.map((field) => [field, values[field]])) };
  const found = database.collection(collection).find(toQuery(filter, path));
  const explained = await found
    .sort({ [`${path}position`]: -1 })
    .limit(20)
    .explain('queryPlanner');
  return stagesOf((explained as { queryPlanner: { winningPlan: unknown } }).queryPlanner.winningPlan);
};

describe('a page of events', () => {
  it.each(documented.map((fields) => [fields.join(', '), fields] as const))(
    'by [%s] is read from an index, in its order',
    async (_name, fields) => {
      const stages = await planOf('events', fields);
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    },
  );
});

describe('a page of root events', () => {
  it.each(roots.map((fields) => [fields.join(', '), fields] as const))(
    'by [%s] is read from an index, in its order',
    async (_name, fields) => {
      const stages = await planOf('contexts', fields, 'root.');
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    },
  );
});

describe('an event', () => {
  it('is found by its id from an index', async () => {
    const explained = await database
      .collection('events')
      .find({ id: 'x' })
      .sort({ position: -1 })
      .explain('queryPlanner');
    expect(stagesOf(explained)).toContain('IXSCAN');
    expect(stagesOf(explained)).not.toContain('COLLSCAN');
  });
});
