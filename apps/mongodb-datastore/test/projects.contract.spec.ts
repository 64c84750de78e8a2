import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

describe('projects', () => {
  const lifecycle = (what: 'create' | 'delete', project: string, id?: string) =>
    anEvent({ type: `sh.keptn.internal.event.project.${what}`, data: { project }, ...(id !== undefined && { id }) });

  it('lose their events and contexts when they are deleted, and refuse latecomers', async () => {
    await datastore.store(lifecycle('create', 'doomed'));
    const inProject = anEvent({ data: { project: 'doomed' }, shkeptncontext: 'doomed-context' });
    await datastore.store(inProject);
    const deletion = lifecycle('delete', 'doomed');
    expect(await datastore.post(deletion)).toMatchObject({ status: 201, json: { id: deletion.id } });
    expect(await datastore.page({ project: 'doomed' })).toMatchObject({ events: [], totalCount: 0 });
    expect(await datastore.page({ keptnContext: 'doomed-context', root: 'true' })).toMatchObject({ totalCount: 0 });
    expect(await datastore.post(anEvent({ data: { project: 'doomed' } }))).toMatchObject({
      status: 404,
      json: { code: 404, message: expect.stringContaining('project doomed was deleted') },
    });
  });

  it('start empty when they are created again, and are not deleted by the old deletion', async () => {
    await datastore.store(lifecycle('create', 'phoenix'));
    await datastore.store(anEvent({ data: { project: 'phoenix' } }));
    const deletion = lifecycle('delete', 'phoenix');
    await datastore.post(deletion);
    const creation = lifecycle('create', 'phoenix');
    await datastore.store(creation);
    await datastore.post(deletion);
    expect(idsOf(await datastore.page({ project: 'phoenix' }))).toEqual([creation.id]);
    const event = anEvent({ data: { project: 'phoenix' } });
    await datastore.store(event);
    expect((await datastore.page({ project: 'phoenix' })).totalCount).toBe(2);
  });

  it('that exist again lose nothing to what is left of their deletion', async () => {
    const deletion = lifecycle('delete', 'reborn');
    let isDeleted = false;
    const repetitions: Promise<{ status: number }>[] = [];
    const repeat = async (): Promise<void> => {
      while (!isDeleted) {
        repetitions.push(datastore.post(deletion));
        await datastore.get('/ready');
      }
    };
    const repeating = repeat();
    await repetitions[0];
    isDeleted = true;
    await repeating;
    await datastore.store(lifecycle('create', 'reborn'));
    await datastore.store(anEvent({ data: { project: 'reborn' } }));
    for (const { status } of await Promise.all(repetitions)) expect(status).toBe(201);
    expect(await datastore.page({ project: 'reborn' })).toMatchObject({ totalCount: 2 });
  });

  it('keep the events of others that share a context with them', async () => {
    const [root, kept] = ['2021-01-01T00:00:00Z', '2021-01-02T00:00:00Z'].map((time, index) =>
      anEvent({ time, shkeptncontext: 'shared', data: { project: index === 0 ? 'leaving' : 'staying' } }),
    );
    await datastore.store(root);
    await datastore.store(kept);
    await datastore.post(lifecycle('delete', 'leaving'));
    expect(idsOf(await datastore.page({ keptnContext: 'shared', root: 'true' }))).toEqual([kept?.id]);
  });

  it('take nothing of others with them when they are deleted, mapped or not', async () => {
    const [mapped, unmapped] = [anEvent({ data: { project: 'doomed-not' } }), anEvent({ data: {} })];
    await datastore.store(mapped);
    await datastore.store(unmapped);
    await datastore.store(lifecycle('create', 'doomed-too'));
    await datastore.store(lifecycle('delete', 'doomed-too'));
    for (const { id } of [mapped, unmapped]) {
      expect(await datastore.get(`/event/${id}`)).toMatchObject({ status: 200, json: { id } });
    }
  });

  it('leave an event of their deletion for who reads the log, once, and no export has it', async () => {
    const deletion = lifecycle('delete', 'told');
    await datastore.store(lifecycle('create', 'told'));
    await datastore.store(deletion);
    expect((await datastore.post(deletion)).headers.get('idempotent-replay')).toBe('true');
    expect(idsOf(await datastore.page({ type: String(deletion['type']), project: 'told' }))).toEqual([]);
    expect(await datastore.get(`/event/${deletion.id}`)).toMatchObject({ status: 200, json: { id: deletion.id } });
    const { text } = await datastore.call('/event', { headers: { accept: 'application/x-ndjson' } });
    expect(text).not.toContain(deletion.id);
  });

  it('that never were lose their events when somebody deletes them, and later ones are kept', async () => {
    const events = [anEvent({ data: { project: 'stranger' } }), anEvent({ data: { project: 'stranger' } })];
    await datastore.store(events[0]);
    for (let time = 0; time < 2; time++) {
      expect(await datastore.post(lifecycle('delete', 'stranger'))).toMatchObject({ status: 201 });
    }
    await datastore.store(events[1]);
    expect(idsOf(await datastore.page({ project: 'stranger' }))).toEqual([events[1]?.id]);
  });

  it('that this control plane has never seen keep their events', async () => {
    const event = anEvent({ data: { project: 'never-seen' } });
    await datastore.store(event);
    expect(idsOf(await datastore.page({ project: 'never-seen' }))).toEqual([event.id]);
  });

  it('lose what another replica accepts while they are deleted', async () => {
    const other = await Datastore.start({}, datastore.databaseUri);
    await datastore.store(lifecycle('create', 'shared-by-replicas'));
    const statuses: number[] = [];
    let isDeleted = false;
    const write = async (): Promise<void> => {
      while (!isDeleted) {
        statuses.push((await other.post(anEvent({ data: { project: 'shared-by-replicas' } }))).status);
      }
    };
    statuses.push((await other.post(anEvent({ data: { project: 'shared-by-replicas' } }))).status);
    const writers = Array.from({ length: 8 }, write);
    expect((await datastore.post(lifecycle('delete', 'shared-by-replicas'))).status).toBe(201);
    isDeleted = true;
    await Promise.all(writers);
    const late = await other.post(anEvent({ data: { project: 'shared-by-replicas' } }));
    await other.stop();
    expect(late.status).toBe(404);
    expect(new Set(statuses)).toEqual(new Set([201, 404]));
    expect(await datastore.page({ project: 'shared-by-replicas' })).toMatchObject({ events: [], totalCount: 0 });
  });

  it('accept nothing behind their deletion, however many events arrive with it', async () => {
    await datastore.store(lifecycle('create', 'busy'));
    const writers = Array.from({ length: 40 }, () => datastore.post(anEvent({ data: { project: 'busy' } })));
    const deletion = datastore.post(lifecycle('delete', 'busy'));
    const more = Array.from({ length: 40 }, () => datastore.post(anEvent({ data: { project: 'busy' } })));
    const statuses = (await Promise.all([...writers, ...more])).map(({ status }) => status);
    expect(new Set(statuses).size).toBeLessThanOrEqual(2);
    expect(statuses.every((status) => status === 201 || status === 404)).toBe(true);
    expect((await deletion).status).toBe(201);
    expect((await datastore.page({ project: 'busy' })).totalCount).toBe(0);
  });
});
