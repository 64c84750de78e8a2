import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

const at = (seconds: number): string => new Date(Date.UTC(2021, 0, 1, 0, 0, seconds)).toISOString();

describe('GET /event', () => {
  const fields = {
    keptnContext: ['ctx-1', 'ctx-2'],
    type: ['t.one', 't.two'],
    source: ['s-1', 's-2'],
    project: ['filters-1', 'filters-2'],
    stage: ['dev', 'prod'],
    service: ['carts', 'orders'],
  } as const;
  type Field = keyof typeof fields;
  const stored: (Record<Field, string> & { id: string })[] = [];

  beforeAll(async () => {
    for (let index = 0; index < 64; index++) {
      const choice = Object.fromEntries(
        Object.entries(fields).map(([field, values], bit) => [field, values[(index >> bit) & 1]]),
      ) as Record<Field, string>;
      const event = anEvent({
        time: at(index),
        type: choice.type,
        source: choice.source,
        shkeptncontext: choice.keptnContext,
        data: { project: choice.project, stage: choice.stage, service: choice.service },
      });
      await datastore.store(event);
      stored.unshift({ ...choice, id: event.id });
    }
  });

  const subsets = Array.from({ length: 2 ** 6 }, (_none, index) =>
    (Object.keys(fields) as Field[]).filter((_field, bit) => ((index >> bit) & 1) === 1),
  );

  it('ANDs all filters, in every combination, newest first', async () => {
    const mine = { fromTime: at(-1), beforeTime: at(64) };
    for (const subset of subsets) {
      const filter = Object.fromEntries(subset.map((field) => [field, fields[field][1]]));
      const expected = stored.filter((event) => subset.every((field) => event[field] === fields[field][1]));
      const page = await datastore.page({ ...mine, ...filter, pageSize: '100' });
      expect(idsOf(page)).toEqual(expected.map(({ id }) => id));
      expect(page.totalCount).toBe(expected.length);
    }
  });

  it('finds an event by its id', async () => {
    const [, event] = stored;
    expect(idsOf(await datastore.page({ eventID: event?.id ?? '' }))).toEqual([event?.id]);
  });

  it('counts empty parameters as absent and ignores unknown ones', async () => {
    const page = await datastore.page({ type: '', pageSize: '', root: '', fromTime: '', project: 'filters-1', x: 'y' });
    expect(page).toMatchObject({ pageSize: 20, totalCount: 32 });
  });

  it('answers an empty list when nothing matches', async () => {
    expect(await datastore.page({ project: 'nobody' })).toEqual({ events: [], pageSize: 20, totalCount: 0 });
  });

  it('finds the events of a context and those without a project alike', async () => {
    const unmapped = anEvent({ shkeptncontext: 'without-project', data: {} });
    const mapped = anEvent({ shkeptncontext: 'without-project', data: { project: 'somewhere' } });
    await datastore.store(unmapped);
    await datastore.store(mapped);
    const found = await datastore.allIds({ keptnContext: 'without-project' });
    expect(found.toSorted()).toEqual([unmapped.id, mapped.id].toSorted());
  });

  it('accepts a slash at the end of the path', async () => {
    expect(await datastore.get('/event/', { project: 'filters-1' })).toMatchObject({ json: { totalCount: 32 } });
  });

  it('searches everything when only the type is given', async () => {
    await datastore.store(anEvent({ type: 'only.type', data: { project: 'somewhere' } }));
    await datastore.store(anEvent({ type: 'only.type', data: {} }));
    expect(await datastore.page({ type: 'only.type' })).toMatchObject({ totalCount: 2 });
  });

  it.each([
    ['pageSize', '0', 'pageSize in query should be greater than or equal to 1'],
    ['pageSize', '101', 'pageSize in query should be less than or equal to 100'],
    ['pageSize', 'abc', 'pageSize in query must be of type int64: "abc"'],
    ['pageSize', '1.5', 'pageSize in query must be of type int64: "1.5"'],
    ['nextPageKey', '20', expect.stringContaining('offsets are not accepted')],
    ['nextPageKey', '-1', expect.stringContaining('nextPageKey in query')],
    ['nextPageKey', 'ZGF0YQ', expect.stringContaining('nextPageKey in query')],
    ['fromTime', 'today', expect.stringContaining('fromTime in query must be of type date-time')],
    ['wait', 'long', 'wait in query must be a duration such as 30s'],
    ['wait', '61s', 'wait in query should be less than or equal to 60s'],
  ])('refuses %s=%s', async (name, value, message) => {
    expect(await datastore.get('/event', { [name]: value })).toMatchObject({
      status: 400,
      json: { code: 400, message },
    });
  });

  it.each(['/event?project=a&project=b', '/event?project[$ne]=a', '/event?type[$gt]='])(
    'lets nothing but texts into a query: %s',
    async (path) => {
      const { status, json } = await datastore.call(path);
      if (status === 200) expect(json).toMatchObject({ totalCount: await everything() });
      else expect(status).toBe(400);
    },
  );

  const everything = async (): Promise<number> => (await datastore.page({ pageSize: '1' })).totalCount;
});

describe('times', () => {
  const project = 'times';
  // In the order of time, which is not that of the texts.
  const times = [
    '2021-06-01T12:00:00+02:00',
    '2021-06-01T10:00:00.000000001Z',
    '2021-06-01T10:00:00.5Z',
    '2021-06-01T09:00:01-01:00',
    '2021-06-01T10:00:01.001Z',
  ];

  beforeAll(async () => {
    for (const index of [3, 0, 4, 2, 1]) {
      await datastore.store(anEvent({ id: `time-${index}`, time: times[index], data: { project } }));
    }
  });

  it('sort as times, to the nanosecond and whatever their offset', async () => {
    expect(idsOf(await datastore.page({ project }))).toEqual(['time-4', 'time-3', 'time-2', 'time-1', 'time-0']);
  });

  it('limit a search, without the limit itself', async () => {
    expect(idsOf(await datastore.page({ project, fromTime: '2021-06-01T10:00:00Z' }))).toEqual([
      'time-4',
      'time-3',
      'time-2',
      'time-1',
    ]);
    expect(idsOf(await datastore.page({ project, beforeTime: '2021-06-01T12:00:00.5+02:00' }))).toEqual([
      'time-1',
      'time-0',
    ]);
  });

  it('may be given with a plus sign that was not escaped', async () => {
    const { json } = await datastore.call(`/event?project=${project}&fromTime=2021-06-01T12:00:01+02:00`);
    expect(json).toMatchObject({ totalCount: 1 });
  });

  it('of the same moment sort by sequence number', async () => {
    for (const id of ['tie-1', 'tie-2', 'tie-3']) {
      await datastore.store(anEvent({ id, time: at(0), data: { project: 'ties' } }));
    }
    expect(idsOf(await datastore.page({ project: 'ties' }))).toEqual(['tie-3', 'tie-2', 'tie-1']);
  });
});

describe('pages', () => {
  it('hold each event once, and the last one has no key', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 23; index++) {
      const event = anEvent({ time: at(Math.floor(index / 4)), data: { project: 'paged' } });
      await datastore.store(event);
      ids.unshift(event.id);
    }
    expect(await datastore.allIds({ project: 'paged', pageSize: '5' })).toEqual(ids);
    const first = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(first).toMatchObject({ pageSize: 5, totalCount: 23 });
    const last = await datastore.page({ project: 'paged', pageSize: '23' });
    expect(last).not.toHaveProperty('nextPageKey');
    expect(await datastore.page({ project: 'paged', nextPageKey: '0' })).toMatchObject({ events: { length: 20 } });
  });

  it('end for a Go client, which reads the key as an offset, behind the pages that it wants', async () => {
    const { nextPageKey } = await datastore.page({ project: 'paged', pageSize: '5' });
    expect(nextPageKey).toMatch(/^[1-9]\d+$/);
    expect(BigInt(nextPageKey ?? '')).toBeGreaterThan(2n ** 63n);
  });

  it('neither skip nor repeat while sixteen writers store events', async () => {
    const parameters = { project: 'crowded', pageSize: '7' };
    const before: string[] = [];
    for (let index = 0; index < 60; index++) {
      const event = anEvent({ time: at(index % 10), data: { project: 'crowded' } });
      before.push(event.id);
      await datastore.store(event);
    }
    let isPaging = true;
    const writers = Array.from({ length: 16 }, async (_none, writer) => {
      for (let index = 0; isPaging; index++) {
        await datastore.store(anEvent({ time: at((writer + index) % 10), data: { project: 'crowded' } }));
      }
    });
    const seen = await datastore.allIds({ ...parameters, beforeTime: at(10) });
    isPaging = false;
    await Promise.all(writers);
    expect(new Set(seen).size).toBe(seen.length);
    expect(before.filter((id) => !seen.includes(id))).toEqual([]);
  });
});

describe('root events', () => {
  const project = 'roots';

  beforeAll(async () => {
    for (const [id, shkeptncontext, seconds, service] of [
      ['late', 'run-1', 20, 'carts'],
      ['first', 'run-1', 10, 'carts'],
      ['middle', 'run-1', 15, 'carts'],
      ['other', 'run-2', 30, 'orders'],
    ] as const) {
      await datastore.store(anEvent({ id, shkeptncontext, time: at(seconds), data: { project, service } }));
    }
  });

  it('are the earliest of their contexts, whichever came first', async () => {
    expect(idsOf(await datastore.page({ project, root: 'true' }))).toEqual(['other', 'first']);
    expect(idsOf(await datastore.page({ project, root: 'yes', service: 'carts' }))).toEqual(['first']);
    expect(idsOf(await datastore.page({ project, root: 'true', fromTime: at(10) }))).toEqual(['other']);
    expect(idsOf(await datastore.page({ keptnContext: 'run-2', root: 'true' }))).toEqual(['other']);
  });

  it('are paged', async () => {
    const page = await datastore.page({ project, root: 'true', pageSize: '1' });
    expect(page).toMatchObject({ events: [{ id: 'other' }], totalCount: 2 });
    expect(await datastore.allIds({ project, root: 'true', pageSize: '1' })).toEqual(['other', 'first']);
  });

  it('are asked for only by what means true', async () => {
    expect((await datastore.page({ project, root: 'false' })).totalCount).toBe(4);
  });
});

describe('GET /event/{id} and the trace of a context', () => {
  it('are 404 when there is none', async () => {
    expect(await datastore.get('/event/nobody')).toMatchObject({
      status: 404,
      json: { code: 404, message: 'no event with id nobody was found' },
    });
    expect(await datastore.get('/event/context/nobody')).toMatchObject({ status: 404 });
  });

  it('take names with slashes and blanks', async () => {
    await datastore.store(anEvent({ id: 'a/b c', shkeptncontext: 'x/y z' }));
    expect(await datastore.get('/event/a%2Fb%20c')).toMatchObject({ status: 200, json: { id: 'a/b c' } });
    expect(await datastore.get('/event/context/x%2Fy%20z')).toMatchObject({ status: 200, json: { totalCount: 1 } });
  });

  it('give a trace in the order of time, in pages', async () => {
    for (const [id, seconds] of [
      ['step-2', 2],
      ['step-1', 1],
      ['step-3', 2],
    ] as const) {
      await datastore.store(anEvent({ id, shkeptncontext: 'traced', time: at(seconds) }));
    }
    const first = (await datastore.get('/event/context/traced', { pageSize: '2' })).json as {
      events: Record<string, unknown>[];
      nextPageKey: string;
    };
    expect(idsOf(first)).toEqual(['step-1', 'step-2']);
    const { json } = await datastore.get('/event/context/traced', { pageSize: '2', nextPageKey: first.nextPageKey });
    expect(json).toMatchObject({ events: [{ id: 'step-3' }], pageSize: 2, totalCount: 3 });
    expect(json).not.toHaveProperty('nextPageKey');
  });
});

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

  it('leaves out what was invalidated in its project, and still fills the limit', async () => {
    expect(await search({ filter, excludeInvalidated: 'true', limit: '3' })).toEqual([
      'evaluation-27',
      'evaluation-25',
      'evaluation-24',
    ]);
    expect(await search({ filter, excludeInvalidated: 'true', limit: '100' })).toHaveLength(27);
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
      });
    },
  );

  it.each(['$where:sleep(1000)', 'data.project', 'data.$x:1', '__proto__:x', 'time:x', 'event:x', ''])(
    'refuses a clause that is not in the grammar: "%s"',
    async (hostile) => {
      expect(await datastore.get(`/event/type/${type}`, { filter: `${filter} AND ${hostile}` })).toMatchObject({
        status: 400,
        json: { message: expect.stringContaining('data.project, data.stage, data.service, data.result') },
      });
    },
  );
});
