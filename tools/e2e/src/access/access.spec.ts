import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALL_SCOPES, ROLES as SCOPES_OF } from '@keptn/api-models';
import { type Answer, type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';
import { type AccessBed, FOREIGN, FOREIGN_WORDS, makeBed, OWN, type Role, ROLES, tokenOf } from './access-bed';
import { type GuardedOperation, guardedOperations, isOfProject, pathWith } from './operations';
import { placesOf } from './secret-search';
import { foreignWords, type NamedRequest, namings, readings } from './side-doors';
import { workDone } from './work-done';

/** Milliseconds; two seconds by the settings, and what a busy machine needs. */
const PATIENCE_MS = 20_000;

/** Lists a command, and permits sinks on this machine, to those who may. */
const SETTINGS = {
  AUDIT_STDOUT: 'true',
  ALLOWED_SINK_NETWORKS: '127.0.0.0/8,::1',
  COMMANDS_FILE: join(import.meta.dirname, '../../../laptop-delivery/commands.yaml'),
};

let system: LaunchedSystem;
let bed: AccessBed;
let operations: readonly GuardedOperation[];
let client: Pool;

beforeAll(async () => {
  system = await startSystem(await newLaunch(SETTINGS));
  client = new Pool(new URL(system.endpoint).origin, { connections: 4 });
  bed = await makeBed(system);
  operations = await guardedOperations(system.endpoint);
});

afterAll(async () => {
  await client.close();
  await system.interrupt();
  await removeData(system.launch);
});

const as = (token: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  system.call(method, path, body, { 'x-token': token });

/** The status of an operation alone; streams end without one. */
async function statusOf(operation: GuardedOperation, path: string, token: string): Promise<number> {
  const { method, requestBody } = operation;
  const { statusCode, body } = await client.request({
    method: method,
    path,
    headers: { 'x-token': token, 'content-type': 'application/json' },
    ...(requestBody !== undefined && { body: '{}' }),
  });
  body.destroy();
  body.on('error', () => undefined);
  return statusCode;
}

/** What the document says of an operation for a role on the own project. */
function isPermitted(operation: GuardedOperation, role: Role, project: string): boolean {
  const scope = operation['x-keptn-scope'];
  if (scope === 'anyone' || scope === 'caller' || scope === 'ticket') return true;
  const hasScope = (SCOPES_OF[role] as readonly string[]).includes(scope ?? '');
  const reaches = operation['x-keptn-keeps-to-projects'] === true || (isOfProject(operation) && project === OWN);
  return hasScope && reaches;
}

describe('a caller of one project', () => {
  it('sends no event for another project, into its runs, or for none', async () => {
    const event = (data: object, shkeptncontext?: string) => ({
      ...{ type: 'sh.keptn.event.approval.finished', specversion: '0.2', source: 'x', data, shkeptncontext },
    });
    const { operator } = bed.tokens;
    const statuses = await Promise.all(
      [
        event({ project: OWN }),
        event({ project: FOREIGN }),
        event({}),
        event({ project: OWN }, bed.foreign.keptnContext),
        // Receivers in Go would take the last of them.
        event({ project: OWN, Project: FOREIGN }),
      ].map(async (body) => (await as(operator, 'POST', '/v1/event', body)).status),
    );
    expect(statuses).toEqual([200, 403, 403, 403, 400]);
    const batch = await system.call('POST', '/v1/event', undefined, { 'x-token': operator });
    expect(batch.status).toBe(400);
  });

  it('decides and declares nothing of another project by an id', async () => {
    const { approvalId, evaluationId } = bed.foreign;
    const answers = await Promise.all([
      as(bed.tokens.admin, 'POST', `/shipyard-controller/v1/approval/${approvalId}`, { result: 'pass' }),
      as(bed.tokens.admin, 'POST', `/lighthouse-service/v1/evaluation/${evaluationId}/invalidation`, { reason: 'x' }),
      as(bed.tokens.admin, 'POST', '/event-broker/v1/subscriptions/zebra-hook/pause'),
      as(bed.tokens.admin, 'DELETE', '/event-broker/v1/subscriptions/zebra-hook'),
      as(bed.tokens.admin, 'DELETE', '/v1/token/everywhere'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('has no subscription and no token for what it may not see', async () => {
    const subscription = { name: 'all', sink: 'https://hooks.example.com/x', types: [] };
    const { admin } = bed.tokens;
    const attempts = await Promise.all([
      as(admin, 'POST', '/event-broker/v1/subscriptions', subscription),
      as(admin, 'POST', '/event-broker/v1/subscriptions', {
        ...subscription,
        filters: [{ exact: { project: FOREIGN } }],
      }),
      as(admin, 'POST', '/event-broker/v1/subscriptions', {
        ...subscription,
        sink: 'command:deploy',
        filters: [{ exact: { project: OWN } }],
      }),
      as(admin, 'POST', '/v1/token', { name: 'more', role: 'viewer' }),
      as(admin, 'POST', '/v1/token', { name: 'more', role: 'viewer', projects: [OWN, FOREIGN] }),
    ]);
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  it('makes no subscription that reaches the inside of the installation, even where others may', async () => {
    const inside = {
      name: 'inside',
      sink: 'http://localhost:9/',
      types: ['sh.keptn.event.never'],
      filters: [{ exact: { project: OWN } }],
    };
    const { admin } = bed.tokens;
    const outside = { ...inside, sink: 'https://hooks.example.com/own' };
    const statuses = [
      await as(admin, 'POST', '/event-broker/v1/subscriptions', inside),
      await as(admin, 'POST', '/event-broker/v1/subscriptions', outside),
      await as(admin, 'PUT', '/event-broker/v1/subscriptions/inside', { ...inside, name: undefined }),
      await system.call('PUT', '/event-broker/v1/subscriptions/inside', { ...inside, name: undefined }),
      await system.call('PUT', '/event-broker/v1/subscriptions/inside', {
        ...inside,
        name: undefined,
        sink: 'command:deploy',
      }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 201, 400, 200, 200]);
  });

  it('has no secret header of a subscription sent to a receiver of its own', async () => {
    const path = '/event-broker/v1/subscriptions/with-secret';
    const filters = [{ exact: { project: OWN } }];
    const known = { sink: 'https://hooks.example.com/known', types: ['sh.keptn.event.never'], filters };
    const secretHeaders = { authorization: 'Bearer of-somebody-else' };
    await system.call('POST', '/event-broker/v1/subscriptions', { name: 'with-secret', ...known, secretHeaders });
    const own = { ...known, sink: 'https://hooks.example.com/own' };
    const { admin } = bed.tokens;
    const answers = [
      await as(admin, 'PUT', path, { ...known, maxAge: '1d' }),
      await as(admin, 'PUT', path, own),
      await as(admin, 'PUT', path, { ...own, secretHeaders: {} }),
      await as(admin, 'PUT', path, known),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200, 200]);
  });

  it('sees nothing of another project by any route, filter or error', { timeout: 120_000 }, async () => {
    const paths = readings(operations, bed);
    const words = foreignWords(bed);
    const leaks: string[] = [];
    for (const path of paths) {
      for (const accept of path.endsWith('?') ? ['application/json', 'application/x-ndjson'] : ['application/json']) {
        const { body } = await client.request({
          method: 'GET',
          path,
          headers: { 'x-token': bed.tokens.admin, accept },
        });
        const text = await body.text();
        const asked = decodeURIComponent(path);
        const told = words.filter((word) => text.includes(word) && !asked.includes(word));
        if (told.length > 0) leaks.push(`${path}: ${told.join(', ')}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(paths.length).toBeGreaterThan(200);
  });

  it(
    'cannot tell what others have from what does not exist, by status, headers, text, or the work that is done',
    { timeout: 120_000 },
    async () => {
      const answerTo = async (operation: GuardedOperation, { name, path }: NamedRequest, requestId: string) => {
        const { statusCode, headers, body } = await client.request({
          method: operation.method,
          path,
          headers: { 'x-token': bed.tokens.admin, 'content-type': 'application/json', 'x-request-id': requestId },
          ...(operation.requestBody !== undefined && { body: JSON.stringify({ result: 'pass', reason: 'x' }) }),
        });
        const text = (await body.text()).replaceAll(name, 'NAME').replaceAll(encodeURIComponent(name), 'NAME');
        return { statusCode, headers: Object.keys(headers).toSorted(), text };
      };
      const tries = namings(operations, bed);
      const told = await Promise.all(
        tries.map(async ({ operation, foreign, nobodys }, index) => {
          const one = await answerTo(operation, foreign, `foreign-${index}`);
          const other = await answerTo(operation, nobodys, `nobodys-${index}`);
          return isDeepStrictEqual(one, other) ? [] : [`${operation.method} ${foreign.path}`];
        }),
      );
      expect(told.flat()).toEqual([]);
      expect(tries.length).toBeGreaterThan(100);
      const work = await workDone(system);
      const workOf = (requestId: string, { name }: NamedRequest): string[] =>
        (work.get(requestId) ?? []).map((request) => request.replaceAll(encodeURIComponent(name), 'NAME')).toSorted();
      const different = tries.flatMap(({ foreign, nobodys }, index) => {
        const [one, other] = [workOf(`foreign-${index}`, foreign), workOf(`nobodys-${index}`, nobodys)];
        return isDeepStrictEqual(one, other) ? [] : [{ one, other }];
      });
      expect(different).toEqual([]);
      const refusedAtOnce = tries.flatMap(({ operation, foreign }, index) => {
        const done = workOf(`foreign-${index}`, foreign);
        return isOfProject(operation) && done.length !== 2 ? [done] : [];
      });
      expect(refusedAtOnce).toEqual([]);
    },
  );

  it('counts its own events and projects only, and follows them on the stream', async () => {
    const { viewer } = bed.tokens;
    const all = await as(viewer, 'GET', '/mongodb-datastore/event?pageSize=100');
    const events = all.json as { events: { id: string; data: { project: string } }[]; totalCount: number };
    expect(new Set(events.events.map(({ data }) => data.project))).toEqual(new Set([OWN]));
    expect(events.totalCount).toBe(events.events.length);
    const { body } = await client.request({
      method: 'GET',
      path: '/api/mongodb-datastore/event/stream?lastEventId=0',
      headers: { 'x-token': viewer },
    });
    let seen = '';
    for await (const part of body) {
      seen += String(part);
      if (events.events.every(({ id }) => seen.includes(id))) break;
    }
    expect(FOREIGN_WORDS.filter((word) => seen.includes(word))).toEqual([]);
  });
});

describe('tokens', () => {
  const statusWith = async (token: string): Promise<number> =>
    (await as(token, 'GET', '/configuration-service/v1/project')).status;

  const isRefused = (token: string): Promise<void> =>
    expect.poll(() => statusWith(token), { timeout: PATIENCE_MS }).toBe(401);

  it('are refused soon after they were deleted', async () => {
    const token = await tokenOf(system, { name: 'short-lived', role: 'viewer' });
    expect(await statusWith(token)).toBe(200);
    await system.call('DELETE', '/v1/token/short-lived');
    await isRefused(token);
  });

  it('count beside their successor for the overlap, and not without one', async () => {
    const first = await tokenOf(system, { name: 'rotating', role: 'viewer' });
    const rotate = async (overlapSeconds: number): Promise<string> => {
      const { json } = await system.call('POST', '/v1/token/rotating/rotate', { overlapSeconds });
      return (json as { token: string }).token;
    };
    const second = await rotate(60);
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);
    const third = await rotate(0);
    await isRefused(second);
    expect(await Promise.all([first, second, third].map(statusWith))).toEqual([401, 401, 200]);
  });

  it('that expired are refused', async () => {
    const token = await tokenOf(system, { name: 'expired', role: 'viewer', expiresAt: new Date(0).toISOString() });
    expect(await statusWith(token)).toBe(401);
  });
});

describe('the audit log', () => {
  const entries = async (query: string, token?: string) => {
    const { json } = await system.call(
      'GET',
      `/v1/audit?${query}`,
      undefined,
      token === undefined ? undefined : { 'x-token': token },
    );
    return (json as { entries: Record<string, unknown>[] }).entries;
  };

  it('says who changed what, from where and with which outcome', async () => {
    const path = `/configuration-service/v1/project/${OWN}/resource/audited.txt`;
    const { headers, json } = await as(bed.tokens.editor, 'PUT', path, { resourceContent: '' });
    const query = `requestId=${headers.get('x-request-id') ?? ''}`;
    // The service hands over what it has recorded a moment later; the begin of a change may arrive before its end.
    await expect
      .poll(() => entries(query))
      .toMatchObject([
        {
          actor: { kind: 'token', name: 'own-editor' },
          service: 'configuration-service',
          action: 'PUT /v1/project/{project}/resource/{+path}',
          target: { project: OWN, path: 'audited.txt' },
          project: OWN,
          outcome: 'done',
          status: 201,
          version: (json as { version: string }).version,
          address: expect.any(String),
        },
      ]);
  });

  it('names the person as author of the commit', async () => {
    const { json } = await system.call(
      'GET',
      `/configuration-service/v1/project/${OWN}/history?resourceURI=audited.txt`,
    );
    const { history } = json as { history: { author: { name: string } }[] };
    expect(history[0]?.author.name).toBe('own-editor');
  });

  it('has one entry for a change, in however many services, and none for an event that names nobody', async () => {
    const event = { type: 'sh.keptn.event.counted', specversion: '0.2', source: 'x', data: { project: OWN } };
    const shared = await system.token();
    const changes = [
      await as(bed.tokens.operator, 'POST', '/v1/event', event),
      await as(shared, 'POST', '/v1/event', event),
      await as(bed.tokens.editor, 'POST', `/v1/project/${OWN}/service`, { serviceName: 'counted' }),
      await as(shared, 'POST', `/v1/project/${OWN}/service`, { serviceName: 'counted-as-well' }),
      await as(bed.tokens.operator, 'POST', `/v1/project/${OWN}/stage/dev/service/counted/evaluation`, {}),
    ];
    expect(changes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    // What configuration-service has recorded arrives in this order.
    const last = await as(shared, 'PUT', `/configuration-service/v1/project/${OWN}/resource/last.txt`, {
      resourceContent: '',
    });
    const ofRequest = async ({ headers }: Answer) => entries(`requestId=${headers.get('x-request-id') ?? ''}`);
    await vi.waitUntil(async () => (await ofRequest(last)).length > 0, { timeout: PATIENCE_MS });
    const recorded = await Promise.all(changes.map(ofRequest));
    expect(recorded.map((each) => each.map(({ service, action }) => [service, action]))).toEqual([
      [['api-service', 'POST /v1/event']],
      [],
      [['api-service', 'POST /v1/project/{project}/service']],
      [['api-service', 'POST /v1/project/{project}/service']],
      [['api-service', 'POST /v1/project/{project}/stage/{stage}/service/{service}/evaluation']],
    ]);
  });

  it('holds refusals', async () => {
    const { headers, status } = await as(bed.tokens.viewer, 'DELETE', `/v1/project/${OWN}`);
    expect(status).toBe(403);
    expect(await entries(`requestId=${headers.get('x-request-id') ?? ''}`)).toMatchObject([
      { actor: { name: 'own-viewer' }, action: 'DELETE /v1/project/{project}', outcome: 'refused', status: 403 },
    ]);
  });

  it('is read in pages and as lines, and by each for their projects', async () => {
    const all: unknown[] = [];
    let key: string | undefined = '';
    while (key !== undefined) {
      const { json } = await system.call('GET', `/v1/audit?pageSize=50&nextPageKey=${key}`);
      const page = json as { entries: { id: string }[]; nextPageKey?: string };
      all.push(...page.entries.map(({ id }) => id));
      key = page.nextPageKey;
    }
    const token = await system.token();
    const lines = await system.call('GET', '/v1/audit', undefined, {
      'x-token': token,
      accept: 'application/x-ndjson',
    });
    const ids = lines.text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual(all);
    expect(new Set(ids).size).toBe(ids.length);
    const own = await entries('pageSize=100', bed.tokens.admin);
    expect(new Set(own.map(({ project }) => project))).toEqual(new Set([OWN]));
  });
});

describe('secrets', () => {
  it('are in no log, database file, process list, event, answer or audit entry, and neither are wrong ones', async () => {
    const wrong = 'kpt_a-wrong-token-that-somebody-tries';
    expect((await as(wrong, 'GET', '/v1/metadata')).status).toBe(401);
    expect(await placesOf([...Object.values(bed.tokens), wrong], system)).toEqual([]);
    // `npm start` shows it to whoever starts it.
    expect(await placesOf([await system.token()], system)).toEqual(['log']);
  });

  it('are in the database as their hashes only', async () => {
    const hash = createHash('sha256').update(bed.tokens.viewer).digest('base64url');
    expect((await placesOf([hash], system)).every((place) => place.includes('mongodb'))).toBe(true);
    expect(await placesOf([hash], system)).not.toEqual([]);
  });
});

/** The last one: it deletes what the others look at. */
describe('who may do what', () => {
  it('stands with every operation of every document', () => {
    const known = new Set<string | undefined>([...ALL_SCOPES, 'anyone', 'caller', 'service', 'ticket']);
    expect(operations.filter((operation) => !known.has(operation['x-keptn-scope'])).map(({ title }) => title)).toEqual(
      [],
    );
    expect(operations.length).toBeGreaterThan(90);
  });

  it('is what happens, for every operation, role, and own or foreign project', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const operation of operations) {
      for (const project of isOfProject(operation) ? [FOREIGN, OWN] : [OWN]) {
        for (const role of ROLES) {
          const path = pathWith(operation, { project });
          const status = await statusOf(operation, path, bed.tokens[role]);
          tried += 1;
          const isRefused = status === 401 || status === 403;
          const permitted = isPermitted(operation, role, project);
          if (isRefused === permitted && operation['x-keptn-scope'] !== 'ticket')
            wrong.push(`${operation.method} ${path} as ${role}: ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(500);
    await expect(system.call('GET', `/configuration-service/v1/project/${FOREIGN}`)).resolves.toMatchObject({
      status: 200,
    });
  });
});
