import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, failure, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
});
afterAll(() => service.stop());

const DEPLOYMENT_FINISHED = 'sh.keptn.events.deployment-finished';

const eventIn = (project: string, id: string, type = DEPLOYMENT_FINISHED, more: object = {}): object => ({
  specversion: '0.2',
  id,
  type,
  source: 'helm-service',
  contenttype: 'application/json',
  shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  data: { project, stage: 'dev', service: 'carts', image: 'registry:5000/carts', tag: '1.0', ...more },
});

describe('events', () => {
  const send = (event: object) => service.post('/v1/event', event);
  const carts = async (project: string) => (await service.get(`/v1/project/${project}/stage/dev/service/carts`)).body;

  it('set the last event of their type, and the deployed image', async () => {
    await service.project('events', ['dev', 'prod'], ['carts']);
    expect(await send(eventIn('events', 'one'))).toMatchObject({ status: 200, body: undefined });
    expect(await carts('events')).toMatchObject({
      deployedImage: 'registry:5000/carts:1.0',
      lastEventTypes: {
        [DEPLOYMENT_FINISHED]: {
          eventId: 'one',
          keptnContext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
          time: expect.stringMatching(/^\d{19}$/),
        },
      },
    });
    expect((await service.get('/v1/project/events/service/carts')).body).toMatchObject({
      stageInfo: [
        { stageName: 'dev', deployedImage: 'registry:5000/carts:1.0', lastEventTypes: { [DEPLOYMENT_FINISHED]: {} } },
        { stageName: 'prod' },
      ],
    });
  });

  it('change nothing when they come again', async () => {
    await service.project('again', ['dev'], ['carts']);
    await send(eventIn('again', 'one'));
    const before = await carts('again');
    await expectStatus(200, send(eventIn('again', 'one')));
    expect(await carts('again')).toEqual(before);
  });

  it('are kept apart by type, whatever a type is called', async () => {
    await service.project('types', ['dev'], ['carts']);
    const types = ['a.b', 'a', 'a%2eb', '$where', '__proto__', 'ä ö', 'stages.dev', '0'];
    for (const type of types) {
      await expectStatus(200, send(eventIn('types', `id of ${type}`, type)));
    }
    const { lastEventTypes } = (await carts('types')) as { lastEventTypes: object };
    const noted = Object.entries(lastEventTypes).map(([type, { eventId }]: [string, { eventId: string }]) => [
      type,
      eventId,
    ]);
    expect(Object.fromEntries(noted)).toEqual(Object.fromEntries(types.map((type) => [type, `id of ${type}`])));
  });

  it('set no image without a tag, or when they are of another type', async () => {
    await service.project('image', ['dev'], ['carts']);
    await send(eventIn('image', 'one', DEPLOYMENT_FINISHED, { tag: undefined }));
    await send(eventIn('image', 'two', 'sh.keptn.events.tests-finished'));
    expect(await carts('image')).not.toHaveProperty('deployedImage');
  });

  it('of many services at once are all noted', async () => {
    const names = Array.from({ length: 8 }, (_none, index) => `service-${index}`);
    await service.project('parallel', ['dev'], names);
    await Promise.all(
      names.flatMap((name) =>
        ['a', 'b', 'c'].map((type) => send(eventIn('parallel', `${name}-${type}`, type, { service: name }))),
      ),
    );
    const { services } = (await service.get('/v1/project/parallel/stage/dev/service')).body as {
      services: { serviceName: string; lastEventTypes: Record<string, { eventId: string }> }[];
    };
    for (const { serviceName, lastEventTypes } of services) {
      expect(lastEventTypes['a']?.eventId).toBe(`${serviceName}-a`);
      expect(Object.keys(lastEventTypes).sort()).toEqual(['a', 'b', 'c']);
    }
  });

  it('of an array are noted in their order, and those that belong to no service are passed over', async () => {
    await service.project('batch', ['dev', 'prod'], ['carts', 'orders']);
    const batch = [
      eventIn('batch', 'one'),
      { type: 't' },
      eventIn('batch', 'nowhere', 't', { service: 'none' }),
      eventIn('batch', 'whole-project', 't', { stage: '', service: '' }),
      eventIn('batch', 'inherited', 't', { stage: 'constructor' }),
      eventIn('batch', 'two', DEPLOYMENT_FINISHED, { tag: undefined }),
      eventIn('batch', 'three', 't', { stage: 'prod' }),
      eventIn('batch', 'four', 't', { service: 'orders' }),
    ];
    await expectStatus(200, service.post('/v1/event', batch));
    expect(await carts('batch')).toMatchObject({
      deployedImage: 'registry:5000/carts:1.0',
      lastEventTypes: { [DEPLOYMENT_FINISHED]: { eventId: 'two' } },
    });
    const { body } = await service.get('/v1/project/batch/stage/prod/service/carts');
    expect(body).toMatchObject({ lastEventTypes: { t: { eventId: 'three' } } });
    const before = await carts('batch');
    await expectStatus(200, service.post('/v1/event', batch.slice(5)));
    expect(await carts('batch')).toEqual(before);
    await expectStatus(200, service.post('/v1/event', []));
  });

  it.each([
    ['no body', undefined, 400, 'body must be a JSON object that holds one CloudEvent'],
    ['no data', { source: 's', type: 't' }, 400, 'data in body is required'],
    ['no type', { source: 's', data: {} }, 400, 'type in body is required'],
    ['no source', { type: 't', data: {} }, 400, 'source in body is required'],
    ['data that is no object', { source: 's', type: 't', data: 'x' }, 400, /^Could not parse event data: /],
    [
      'a project that is no text',
      { source: 's', type: 't', data: { project: 1 } },
      400,
      /^Could not parse event data: /,
    ],
    ['no project', { source: 's', type: 't', data: {} }, 400, 'Project must not be empty'],
    ['no stage', { source: 's', type: 't', data: { project: 'p', stage: '' } }, 400, 'Stage must not be empty'],
    ['no service', { source: 's', type: 't', data: { project: 'p', stage: 'd' } }, 400, 'Service must not be empty'],
    ['an unknown project', eventIn('none', 'x'), 404, 'Project not found'],
    ['an unknown stage', eventIn('known', 'x', 't', { stage: 'none' }), 404, 'Stage not found'],
    ['an unknown service', eventIn('known', 'x', 't', { service: 'none' }), 404, 'Service not found'],
  ])('are refused with %s', async (_what, event, status, message) => {
    if ((await service.get('/v1/project/known')).status === 404) {
      await service.project('known', ['dev'], ['carts']);
    }
    const text = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(await service.post('/v1/event', event)).toMatchObject(failure(status, text));
  });
});

describe('approvals', () => {
  const url = '/v1/project/approvals/stage/dev/service/carts/approval';
  const approval = { eventId: 'a-1', keptnContext: 'c-1', image: 'carts', tag: '1.0', time: '2020-11-23T10:15:30Z' };
  beforeAll(() => service.project('approvals', ['dev'], ['carts']));

  it('are opened once, listed, read and closed', async () => {
    expect((await service.get(url)).body).toEqual({ approvals: [], nextPageKey: '0' });
    expect(await service.post(url, approval)).toMatchObject({ status: 200, body: undefined });
    await expectStatus(200, service.post(url, { ...approval, tag: '2.0' }));
    await expectStatus(200, service.post(url, { ...approval, eventId: 'a-2' }));
    expect((await service.get(url)).body).toEqual({
      approvals: [approval, { ...approval, eventId: 'a-2' }],
      nextPageKey: '0',
      totalCount: 2,
    });
    expect((await service.get(`${url}?pageSize=1`)).body).toMatchObject({ nextPageKey: '1', approvals: [approval] });
    expect((await service.get(`${url}/a-1`)).body).toEqual(approval);
    expect((await service.get('/v1/project/approvals/stage/dev/service/carts')).body).toMatchObject({
      openApprovals: [approval, { eventId: 'a-2' }],
    });
    expect(await service.delete(`${url}/a-1`)).toMatchObject({ status: 200, body: undefined });
    expect((await service.get(`${url}/a-1`)).status).toBe(404);
    expect((await service.get(url)).body).toMatchObject({ approvals: [{ eventId: 'a-2' }] });
  });

  it('that are not open cannot be closed', async () => {
    expect(await service.delete(`${url}/none`)).toMatchObject(
      failure(404, 'Could not close approval: open approval not found'),
    );
  });

  it('may leave every field out, and then are stored once', async () => {
    await service.project('lax', ['dev'], ['carts']);
    const lax = '/v1/project/lax/stage/dev/service/carts/approval';
    await expectStatus(200, service.post(lax, {}));
    await expectStatus(200, service.post(lax, { image: 'carts', unknown: 1 }));
    await expectStatus(200, service.post(lax, { image: 'carts' }));
    expect((await service.get(lax)).body).toMatchObject({ approvals: [{}, { image: 'carts' }], totalCount: 2 });
  });

  it.each([
    ['project', 'Project not found', '/v1/project/none/stage/dev/service/carts/approval'],
    ['stage', 'Stage not found', '/v1/project/approvals/stage/none/service/carts/approval'],
    ['service', 'Service not found', '/v1/project/approvals/stage/dev/service/none/approval'],
  ])('of an unknown %s are not found, and not stored either', async (_what, message, unknown) => {
    const missing = failure(404, message);
    expect(await service.get(unknown)).toMatchObject(missing);
    expect(await service.post(unknown, approval)).toMatchObject(missing);
    expect(await service.get(`${unknown}/a-1`)).toMatchObject(missing);
    expect(await service.delete(`${unknown}/a-1`)).toMatchObject(missing);
  });

  it('have text in their fields', async () => {
    expect(await service.post(url, { eventId: { $ne: '' } })).toMatchObject(
      failure(400, 'eventId in body must be of type string'),
    );
  });
});

describe('remediations', () => {
  const url = '/v1/project/remediations/stage/dev/service/carts/remediation';
  const step = {
    eventId: 'r-1',
    keptnContext: 'c-1',
    type: 'triggered',
    action: 'scaling',
    time: '2020-11-23T10:15:30Z',
  };
  beforeAll(() => service.project('remediations', ['dev'], ['carts']));

  it('are opened once, listed by context, and closed by context', async () => {
    await expectStatus(200, service.post(url, step));
    await expectStatus(200, service.post(url, step));
    await expectStatus(200, service.post(url, { ...step, eventId: 'r-2' }));
    await expectStatus(200, service.post(url, { ...step, eventId: 'r-3', keptnContext: 'c-2' }));
    expect((await service.get(url)).body).toMatchObject({ remediations: [step, {}, {}], totalCount: 3 });
    expect((await service.get('/v1/project/remediations/stage/dev/service/carts')).body).toMatchObject({
      openRemediations: [step, { eventId: 'r-2' }, { eventId: 'r-3', keptnContext: 'c-2' }],
    });
    expect((await service.get(`${url}/c-1`)).body).toMatchObject({
      remediations: [{ eventId: 'r-1' }, { eventId: 'r-2' }],
      nextPageKey: '0',
    });
    expect((await service.get(`${url}/none`)).body).toEqual({ remediations: [], nextPageKey: '0' });
    expect(await service.delete(`${url}/c-1`)).toMatchObject({ status: 200, body: undefined });
    expect((await service.get(url)).body).toMatchObject({ remediations: [{ eventId: 'r-3' }] });
    expect(await service.delete(`${url}/c-1`)).toMatchObject(
      failure(404, 'Could not close remediation: open remediation not found'),
    );
  });

  it('may leave every field out', async () => {
    await service.project('lax-remediations', ['dev'], ['carts']);
    const lax = '/v1/project/lax-remediations/stage/dev/service/carts/remediation';
    expect(await service.post(lax, {})).toMatchObject({ status: 200, body: undefined });
    expect((await service.get(lax)).body).toEqual({ remediations: [{}], nextPageKey: '0', totalCount: 1 });
  });

  it.each([
    ['project', 'Project not found', '/v1/project/none/stage/dev/service/carts/remediation'],
    ['stage', 'Stage not found', '/v1/project/remediations/stage/none/service/carts/remediation'],
    ['service', 'Service not found', '/v1/project/remediations/stage/dev/service/none/remediation'],
  ])('of an unknown %s are not found, and not stored either', async (_what, message, unknown) => {
    const missing = failure(404, message);
    expect(await service.get(unknown)).toMatchObject(missing);
    expect(await service.post(unknown, step)).toMatchObject(missing);
    expect(await service.get(`${unknown}/c-1`)).toMatchObject(missing);
    expect(await service.delete(`${unknown}/c-1`)).toMatchObject(missing);
  });
});
