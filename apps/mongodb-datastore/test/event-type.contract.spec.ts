import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

const at = (seconds: number): string => new Date(Date.UTC(2021, 0, 1, 0, 0, seconds)).toISOString();

describe('GET /event/type/{eventType}', () => {
  const type = 'sh.keptn.events.evaluation-done';
  const filter = 'data.project:gated AND data.stage:dev AND data.service:carts';
  const evaluation = (id: string, seconds: number, data: object = {}) =>
    anEvent({ id, type, time: at(seconds), data: { project: 'gated', stage: 'dev', service: 'carts', ...data } });
  const search = async (parameters: Readonly<Record<string, string>>): Promise<string[]> => {
    const { status, json, text } = await datastore.get(`/event/type/${type}`, parameters);
    if (status !== 200) throw new Error(text);
    expect(Object.keys(json as object)).toEqual(['events']);
    return idsOf(json as { events: Record<string, unknown>[] });
  };

  beforeAll(async () => {
    const results = ['pass', 'warning', 'fail'];
    for (let index = 0; index < 30; index++) {
      await datastore.store(evaluation(`evaluation-${index}`, index, { result: results[index % 3] }));
    }
    await datastore.store(evaluation('elsewhere', 50, { stage: 'prod' }));
    for (const triggeredid of ['evaluation-29', 'evaluation-28', 'evaluation-26']) {
      const invalidated = 'sh.keptn.events.evaluation.invalidated';
      await datastore.store(anEvent({ type: invalidated, triggeredid, data: { project: 'gated' } }));
    }
    await datastore.store(
      anEvent({
        type: 'sh.keptn.events.evaluation.invalidated',
        triggeredid: 'evaluation-27',
        data: { project: 'no' },
      }),
    );
  });

  it('lists the latest events that match, 20 unless told otherwise', async () => {
    const ids = await search({ filter });
    expect(ids).toHaveLength(20);
    expect(ids[0]).toBe('evaluation-29');
    expect(await search({ filter, limit: '2' })).toEqual(['evaluation-29', 'evaluation-28']);
    expect(await search({ filter, fromTime: at(27) })).toEqual(['evaluation-29', 'evaluation-28']);
  });

  it('takes lists of values', async () => {
    expect(await search({ filter: `${filter} AND data.result:pass,warning`, limit: '2' })).toEqual([
      'evaluation-28',
      'evaluation-27',
    ]);
    expect(await search({ filter: 'data.project:gated,no AND data.stage:prod' })).toEqual(['elsewhere']);
  });

  it('searches a context, or several, alone', async () => {
    for (const id of ['in-run-1', 'in-run-2']) {
      await datastore.store({ ...evaluation(id, 60), shkeptncontext: id.slice(3), data: {} });
    }
    expect(await search({ filter: 'shkeptncontext:run-1' })).toEqual(['in-run-1']);
    expect(await search({ filter: 'shkeptncontext:run-1,run-2' })).toEqual(['in-run-1', 'in-run-2']);
    expect(await search({ filter: 'shkeptncontext:run-1 AND data.project:gated' })).toEqual([]);
  });

  it('takes what is behind the first colon for the value, and only " AND " for the end of a clause', async () => {
    const [source, stage] = ['https://example.com:8080/a', 'dev and prod'];
    await datastore.store({ ...evaluation('with-colons', 61, { project: 'colons', stage }), source });
    const colons = 'data.project:colons';
    expect(await search({ filter: `${colons} AND source:${source}` })).toEqual(['with-colons']);
    expect(await search({ filter: `${colons} AND data.stage:${stage}` })).toEqual(['with-colons']);
    expect(await search({ filter: `${colons} AND data.stage:dev` })).toEqual([]);
  });

  it.each(['id', 'triggeredid', 'source', 'specversion', 'data.service'])('searches by %s', async (key) => {
    const event = {
      ...evaluation('by-key', 62, { project: 'keys', service: 'orders' }),
      triggeredid: 't',
      source: 's',
    };
    await datastore.store(event);
    await datastore.store(evaluation('other', 63, { project: 'keys' }));
    const value = { id: 'by-key', triggeredid: 't', source: 's', specversion: '0.2', 'data.service': 'orders' }[key];
    const found = await search({ filter: `data.project:keys AND ${key}:${value ?? ''}` });
    expect(found).toContain('by-key');
    expect(await search({ filter: `data.project:keys AND ${key}:none` })).toEqual([]);
  });

  it('leaves out what was invalidated in its project, and still fills the limit', async () => {
    expect(await search({ filter, excludeInvalidated: 'true', limit: '3' })).toEqual([
      'evaluation-27',
      'evaluation-25',
      'evaluation-24',
    ]);
    expect(await search({ filter, excludeInvalidated: 'true', limit: '100' })).toHaveLength(27);
  });

  it('answers only which events there are, on request, with their numbers in the log', async () => {
    const parameters = { filter, excludeInvalidated: 'true', limit: '2', omitData: 'true' };
    const { json } = await datastore.get(`/event/type/${type}`, parameters);
    const { events } = json as { events: Record<string, unknown>[] };
    expect(events.map(({ id }) => id)).toEqual(['evaluation-27', 'evaluation-25']);
    for (const event of events) {
      expect(event).toMatchObject({ type, sequence: expect.stringMatching(/^[1-9]\d*$/) as string });
      expect(event).not.toHaveProperty('data');
    }
  });

  it('lists again what was revalidated, until it is invalidated once more', async () => {
    const declare = (validity: 'invalidated' | 'revalidated') =>
      datastore.store(
        anEvent({
          type: `sh.keptn.events.evaluation.${validity}`,
          triggeredid: 'evaluation-24',
          data: { project: 'gated' },
        }),
      );
    const latest = () => search({ filter, excludeInvalidated: 'true', limit: '3' });
    await declare('invalidated');
    expect(await latest()).toEqual(['evaluation-27', 'evaluation-25', 'evaluation-23']);
    await declare('revalidated');
    expect(await latest()).toEqual(['evaluation-27', 'evaluation-25', 'evaluation-24']);
    await declare('invalidated');
    expect(await latest()).toEqual(['evaluation-27', 'evaluation-25', 'evaluation-23']);
    await declare('revalidated');
  });

  it('knows what invalidates an event of another type by the last part of the type', async () => {
    const finished = 'sh.keptn.event.approval.finished';
    await datastore.store(anEvent({ id: 'approval-1', type: finished, data: { project: 'gated' } }));
    await datastore.store(anEvent({ id: 'approval-2', type: finished, data: { project: 'gated' } }));
    await datastore.store(
      anEvent({
        type: 'sh.keptn.event.approval.invalidated',
        triggeredid: 'approval-1',
        data: { project: 'gated' },
      }),
    );
    const { json } = await datastore.get(`/event/type/${finished}`, {
      filter: 'data.project:gated',
      excludeInvalidated: 'true',
    });
    expect(json).toMatchObject({ events: [{ id: 'approval-2' }] });
  });

  it.each(['0', '101', 'x'])('refuses the limit %s', async (limit) => {
    expect(await datastore.get(`/event/type/${type}`, { filter, limit })).toMatchObject({
      status: 400,
      json: { code: 400, message: expect.stringContaining('limit in query') },
    });
  });

  it('ignores parameters that the original ignores', async () => {
    expect(await search({ filter, limit: '1', source: 'lighthouse-service', project: 'x' })).toEqual(['evaluation-29']);
  });

  it('answers an empty list when nothing matches', async () => {
    expect(await search({ filter: 'data.project:nobody', excludeInvalidated: 'true' })).toEqual([]);
    expect(await search({ filter: 'shkeptncontext:nobody' })).toEqual([]);
  });

  it.each(['', 'data.stage:dev', 'data.project:', 'shkeptncontext:', 'data.project:,a'])(
    'asks for a project or a context: "%s"',
    async (tooWide) => {
      expect((await datastore.get(`/event/type/${type}`, { filter: tooWide })).json).toEqual({
        code: 400,
        message:
          "must provide a filter containing at least one of the following properties: 'data.project' or 'shkeptncontext'",
        reason: 'INVALID_FILTER',
      });
    },
  );

  it.each(['data.project', '', 'staging "é', '$where'])(
    'passes over what is no clause, with a warning: "%s"',
    async (part) => {
      const answer = await datastore.get(`/event/type/${type}`, { filter: `${filter} AND ${part}`, limit: '1' });
      expect(answer).toMatchObject({ status: 200, json: { events: [{ id: 'evaluation-29' }] } });
      const shown = part.replace('"é', '??');
      expect(answer.headers.get('warning')).toBe(`299 - "ignored in filter, since it is no key:value: '${shown}'"`);
    },
  );

  it.each(['$where:sleep(1000)', 'data.$x:1', '__proto__:x', 'type:x', 'time:x', 'event:x', ':x'])(
    'refuses a clause that is not in the grammar: "%s"',
    async (hostile) => {
      expect(await datastore.get(`/event/type/${type}`, { filter: `${filter} AND ${hostile}` })).toMatchObject({
        status: 400,
        json: { message: expect.stringContaining('data.project, data.stage, data.service, data.result') },
      });
    },
  );
});
