import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ReachableSystem } from '../running-system';
import { sharedSystem } from '../shared-system';

/** Version 4, as every new Keptn context and event id is. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const shipyard = Buffer.from('stages:\n  - name: dev\n  - name: production\n').toString('base64');

let system: ReachableSystem;

beforeAll(async () => {
  system = await sharedSystem();
  await system.call('POST', '/v1/project', { name: 'verbs-shop', shipyard });
  await system.call('POST', '/v1/project/verbs-shop/service', { serviceName: 'carts' });
});

interface Sent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the log has of the Keptn context of an answer. */
const loggedFor = async (answer: Answer): Promise<Sent[]> => {
  expect(answer).toMatchObject({ status: 200, json: { keptnContext: expect.stringMatching(UUID) } });
  const { keptnContext } = answer.json as { keptnContext: string };
  const { json } = await system.call('GET', `/mongodb-datastore/event?keptnContext=${keptnContext}`);
  return (json as { events: Sent[] }).events;
};

/** Without what lighthouse-service has answered meanwhile. */
const startedBy = async (answer: Answer): Promise<Sent[]> =>
  (await loggedFor(answer)).filter(({ type }) => type === 'sh.keptn.event.start-evaluation');

/** An event of this API itself. */
const eventOf = (type: string, data: object) => ({
  type,
  data,
  source: 'https://github.com/keptn/keptn/api',
  specversion: '0.2',
  contenttype: 'application/json',
  id: expect.stringMatching(UUID),
  time: expect.stringMatching(TIMESTAMP),
  shkeptncontext: expect.stringMatching(UUID),
});

const refusal = (code: number, message: string) => ({ status: code, json: { code, message } });

describe('eventContext (contract 3.0)', () => {
  it('is a new Keptn context each time, and a ticket that is a JWT', async () => {
    const body = { type: 't', source: 's', data: {} };
    const answers = [await system.call('POST', '/v1/event', body), await system.call('POST', '/v1/event', body)];
    const contexts = answers.map(({ json }) => json as { keptnContext: string; token: string });
    expect(new Set(contexts.map(({ keptnContext }) => keptnContext)).size).toBe(2);
    for (const { keptnContext, token, ...more } of contexts) {
      expect(more).toEqual({});
      expect(keptnContext).toMatch(UUID);
      const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      expect(JSON.parse(header ?? '')).toEqual({ alg: 'HS256', typ: 'JWT' });
      expect(JSON.parse(payload ?? '')).toEqual({ keptnContext, exp: expect.any(Number) });
    }
  });
});

describe('POST /v1/event (contract 3.1)', () => {
  const send = (body: object) => system.call('POST', '/v1/event', body);
  const BASE = { type: 'com.example.anything', source: 'a source', data: { a: 1 } };

  it('sends an event of any type; what is not known of it is left out, its extensions are kept', async () => {
    const sent = {
      ...BASE,
      specversion: '0.2',
      contenttype: 'application/json',
      triggeredid: 't',
      extensions: { x: '1' },
    };
    expect(await loggedFor(await send(sent))).toMatchObject([
      { type: BASE.type, source: BASE.source, data: { a: 1, eventContext: null }, triggeredid: 't' },
    ]);
  });

  it.each(['', 'not a URI %'])('gives it a source for %j that is none, or keeps what can be one', async (source) => {
    const [event] = await loggedFor(await send({ ...BASE, source }));
    expect(event).toMatchObject({ source: source === '' ? 'https://github.com/keptn/keptn/api' : source });
  });

  it.each([
    ['urn:uuid:6d79636f-6e74-4578-b420-202020202020'],
    ['{6d79636f-6e74-4578-b420-202020202020}'],
    ['6D79636F6E744578B420202020202020'],
  ])('keeps the spelling %s of a Keptn context', async (shkeptncontext) => {
    expect((await send({ ...BASE, shkeptncontext })).json).toMatchObject({ keptnContext: shkeptncontext });
  });

  it('takes an empty Keptn context for none', async () => {
    expect(await loggedFor(await send({ ...BASE, shkeptncontext: '' }))).toHaveLength(1);
  });

  it.each([
    [{}, 'data in body is required'],
    [{ data: '' }, 'data in body is required'],
    [{ data: {} }, 'source in body is required'],
    [{ data: {}, source: 's' }, 'type in body is required'],
    [{ data: {}, source: 's', type: '' }, 'type: MUST be a non-empty string'],
    [{ data: 7, source: 's', type: 't' }, 'data in body must be of type object'],
    [{ data: {}, source: 's', type: 7 }, 'type in body must be of type string'],
  ])('says of %j what is missing first', async (body, message) => {
    expect(await send(body)).toMatchObject(refusal(400, message));
  });
});

describe('projects (contract 3.3, 3.4)', () => {
  it('are logged when they are created and deleted, without the secrets', async () => {
    const body = { name: 'logged', shipyard, gitUser: '', gitToken: '', gitRemoteURL: '', unknown: 'field' };
    expect(await loggedFor(await system.call('POST', '/v1/project', body))).toEqual([
      eventOf('sh.keptn.internal.event.project.create', {
        project: 'logged',
        shipyard,
        gitRemoteURL: '',
        eventContext: null,
      }),
    ]);
    // Events go with their project; that of its deletion is for those who react to it.
    expect(await loggedFor(await system.call('DELETE', '/v1/project/logged/'))).toEqual([
      eventOf('sh.keptn.internal.event.project.delete', { project: 'logged', eventContext: null }),
    ]);
  });

  it.each([
    [{}, 'name in body is required'],
    [{ name: 'a' }, 'shipyard in body is required'],
    [{ name: null, shipyard }, 'name in body is required'],
    [{ name: 7, shipyard }, expect.stringMatching(/^project name must be a string/)],
  ])('need more than %j', async (body, message: string) => {
    expect(await system.call('POST', '/v1/project', body)).toMatchObject(refusal(400, message));
  });

  it('that do not exist cannot be deleted', async () => {
    expect(await system.call('DELETE', '/v1/project/nowhere')).toMatchObject(refusal(404, 'Project not found'));
  });
});

describe('services (contract 3.5, 3.6)', () => {
  const smallChart = async (): Promise<string> => {
    const archive = pack();
    archive.entry({ name: 'whole/Chart.yaml' }, 'name: whole\nversion: 0.1.0\n');
    archive.finalize();
    return gzipSync(await buffer(archive)).toString('base64');
  };

  it('are logged when they are created and deleted', async () => {
    const create = (body: object) => system.call('POST', '/v1/project/verbs-shop/service', body);
    expect(await loggedFor(await create({ serviceName: 'plain' }))).toEqual([
      eventOf('sh.keptn.internal.event.service.create', {
        project: 'verbs-shop',
        service: 'plain',
        helmChart: '',
        deploymentStrategies: {},
        eventContext: null,
      }),
    ]);
    const deploymentStrategies = { dev: 'direct', production: 'duplicate' };
    const helmChart = await smallChart();
    const whole = await create({ serviceName: 'whole', helmChart, deploymentStrategies });
    expect(await loggedFor(whole)).toMatchObject([{ data: { service: 'whole', helmChart, deploymentStrategies } }]);
    expect(await loggedFor(await system.call('DELETE', '/v1/project/verbs-shop/service/plain'))).toEqual([
      eventOf('sh.keptn.internal.event.service.delete', {
        project: 'verbs-shop',
        service: 'plain',
        eventContext: null,
      }),
    ]);
  });

  it('that do not exist cannot be deleted', async () => {
    const answer = await system.call('DELETE', '/v1/project/verbs-shop/service/nothing');
    expect(answer).toMatchObject(refusal(404, 'Service not found'));
  });

  it('have strategies that are known', async () => {
    const body = { serviceName: 'odd', deploymentStrategies: { dev: 'canary' } };
    const message = 'The deployment strategy canary is invalid: use direct or duplicate';
    expect(await system.call('POST', '/v1/project/verbs-shop/service', body)).toMatchObject(refusal(400, message));
  });
});

describe('POST …/evaluation (contract 3.7)', () => {
  const evaluate = (body: object, { project = 'verbs-shop', stage = 'dev', service = 'carts' } = {}) =>
    system.call('POST', `/v1/project/${project}/stage/${stage}/service/${service}/evaluation`, body);

  const timeFrameOf = async (body: object): Promise<{ start: number; end: number }> => {
    const [event] = await startedBy(await evaluate(body));
    const { start, end } = event?.data ?? {};
    expect([start, end]).toEqual([expect.stringMatching(TIMESTAMP), expect.stringMatching(TIMESTAMP)]);
    return { start: Date.parse(String(start)), end: Date.parse(String(end)) };
  };

  it('sends sh.keptn.event.start-evaluation', async () => {
    const body = { start: '2020-11-23T10:00:00', end: '2020-11-23T10:05:00.5' };
    const told = {
      project: 'verbs-shop',
      stage: 'dev',
      service: 'carts',
      teststrategy: 'manual',
      deploymentstrategy: '',
      start: '2020-11-23T10:00:00.000Z',
      end: '2020-11-23T10:05:00.500Z',
    };
    expect(await startedBy(await evaluate(body))).toEqual([
      eventOf('sh.keptn.event.start-evaluation', { ...told, labels: null, eventContext: null }),
    ]);
    expect(await startedBy(await evaluate({ ...body, labels: { build: '7' } }))).toMatchObject([
      { data: { ...told, labels: { build: '7' } } },
    ]);
  });

  it.each([
    [{}, 5],
    [{ timeframe: '10m' }, 10],
    [{ timeframe: '1m' }, 1],
    [{ timeframe: '5minutes' }, 5],
  ])('is of the time until now for %j', async (body, minutes) => {
    const before = Date.now();
    const { start, end } = await timeFrameOf(body);
    expect(end - start).toBe(minutes * 60_000);
    expect(end).toBeGreaterThanOrEqual(before);
    expect(end).toBeLessThanOrEqual(Date.now());
  });

  it('is of the time after a start', async () => {
    const start = Date.parse('2020-11-23T10:00:00Z');
    const asked = { start: '2020-11-23T10:00:00', timeframe: '2m' };
    expect(await timeFrameOf(asked)).toEqual({ start, end: start + 2 * 60_000 });
  });

  const start = '2020-11-23T10:00:00';

  it.each([
    [{ start }, 'Please provide a timeframe, e.g., --timeframe=5m, or an end date using --end=...'],
    [{ start, end: '2020-11-23T11:00:00', timeframe: '5m' }, 'You can not use --end together with --timeframe'],
    [{ end: '2020-11-23T11:00:00' }, 'start date is required when using an end date'],
    [{ timeframe: '5' }, 'The time frame format is invalid. Use the format [duration]m, e.g.: 5m'],
    [{ timeframe: 'xm' }, 'The time frame format is invalid. Use the format [duration]m, e.g.: 5m'],
    [{ start, end: '2020-11-23T10:00:59' }, 'end date must be at least 1 minute after start date'],
    [{ start: `${start}Z`, timeframe: '5m' }, expect.stringMatching(/^parsing time "2020-11-23T10:00:00Z"/)],
    [{ start, end: 'later' }, expect.stringMatching(/^parsing time "later"/)],
  ])('refuses %j', async (body, message: string) => {
    expect(await evaluate(body)).toMatchObject(refusal(400, message));
  });

  it.each([
    [{ project: 'nowhere' }, 'Project not found'],
    [{ stage: 'nowhere' }, 'Stage not found'],
    [{ service: 'nothing' }, 'Service not found'],
  ])('says of %j that there is nothing to evaluate', async (place, message) => {
    expect(await evaluate({}, place)).toMatchObject(refusal(400, message));
  });

  it('needs a body', async () => {
    const answer = await system.call('POST', '/v1/project/verbs-shop/stage/dev/service/carts/evaluation');
    expect(answer).toMatchObject(refusal(400, 'a JSON body is required'));
  });
});

describe('GET /v1/metadata (contract 3.8)', () => {
  it('tells the version, and of a Bridge only where there is one that can be read', async () => {
    expect(await system.call('GET', '/v1/metadata')).toMatchObject({
      status: 200,
      text: '{"keptnlabel":"keptn","keptnversion":"0.7.3","namespace":"keptn"}',
    });
  });
});

describe('/v1/config/bridge (contract 3.9)', () => {
  const bridge = (body?: object) => system.call(body === undefined ? 'GET' : 'POST', '/v1/config/bridge', body);

  it.each([
    [{}, 'password in body is required'],
    [{ password: 'p' }, 'user in body is required'],
    [{ user: '', password: 'p' }, 'no user provided'],
    [{ user: 'u', password: '' }, 'no password provided'],
  ])('refuses %j', async (body, message) => {
    expect(await bridge(body)).toMatchObject(refusal(400, message));
  });

  it('has no credentials until they are set, and has them in clear then', async () => {
    expect(await bridge()).toMatchObject({
      status: 404,
      json: { message: expect.stringMatching(/^Could not read bridge credentials/) },
    });
    expect(await bridge({ user: 'u', password: 'p' })).toMatchObject({ status: 200, text: '""' });
    expect(await bridge()).toMatchObject({ status: 200, json: { user: 'u', password: 'p' } });
  });
});
