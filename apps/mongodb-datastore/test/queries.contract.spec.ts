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

  it.each(['keptnContext', 'type', 'source', 'project', 'stage', 'service', 'eventID'])(
    'compares %s as a whole, with the case of its letters',
    async (name) => {
      const found = { keptnContext: 'ctx-1', type: 't.one', source: 's-1', project: 'filters-1', stage: 'dev' };
      const value = { ...found, service: 'carts', eventID: stored[0]?.id ?? '' }[name] ?? '';
      const total = async (text: string) => (await datastore.page({ [name]: text })).totalCount;
      expect(await total(value)).toBeGreaterThan(0);
      for (const other of [value.toUpperCase(), value.slice(0, -1), `${value} `, `^${value}`, '.*']) {
        expect(await total(other)).toBe(0);
      }
    },
  );

  it('answers an empty list for a context that nobody knows', async () => {
    expect(await datastore.page({ keptnContext: 'nobody' })).toEqual({ events: [], pageSize: 20, totalCount: 0 });
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
