import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, Datastore } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

const store = async (project: string, count: number, time?: string): Promise<void> => {
  const lines = Array.from({ length: count }, () => JSON.stringify(anEvent({ time, data: { project } })));
  await datastore.postText(lines.join('\n'), { 'content-type': 'application/x-ndjson' });
};

const countOf = async (parameters: Record<string, string> = {}): Promise<number> =>
  (await datastore.page({ ...parameters, pageSize: '1' })).totalCount;

it('counts stay exact when events come, old and new ones, and when a project goes', async () => {
  await store('kept', 700, '2021-01-01T00:00:00Z');
  await store('gone', 600);
  expect([await countOf(), await countOf({ project: 'kept' }), await countOf({ project: 'gone' })]).toEqual([
    1300, 700, 600,
  ]);
  await store('kept', 250, '2020-01-01T00:00:00Z');
  await store('kept', 3);
  expect([await countOf(), await countOf({ project: 'kept' }), await countOf({ project: 'gone' })]).toEqual([
    1553, 953, 600,
  ]);
  await store('kept', 2);
  expect([await countOf(), await countOf({ project: 'kept' }), await countOf({ project: 'gone' })]).toEqual([
    1555, 955, 600,
  ]);
  await datastore.post(anEvent({ type: 'sh.keptn.internal.event.project.delete', data: { project: 'gone' } }));
  expect([await countOf(), await countOf({ project: 'kept' }), await countOf({ project: 'gone' })]).toEqual([
    955, 955, 0,
  ]);
});
