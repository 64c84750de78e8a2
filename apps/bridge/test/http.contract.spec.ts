import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller, ROLES } from '@keptn/api-models';
import { Identities, IDENTITY_HEADER } from '@keptn/auth';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridge } from '../src/app.module';

const TOKEN = 'a-token-for-these-tests';
const VIEWER = new Caller({
  ...{ kind: 'token', name: 'dashboard', id: '1' },
  grants: [{ scopes: ROLES.viewer, projects: ['sockshop'] }],
});
/** Whose tokens count. */
const HOLDERS = new Map([[TOKEN, Caller.SHARED]]);
/** What the gateway answers; else 200. */
const STATUSES = new Map([
  ['/keptn/api/v1/conflict', 409],
  ['/keptn/api/v1/refused', 401],
]);
const PAGE = { 'x-keptn-bridge': '1' };
const JSON_BODY = { ...PAGE, 'content-type': 'application/json' };

/** What the services behind the Bridge were asked. */
interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let folder: string;
let upstream: Server;
let asked: Asked[];
/** Answers that nobody gives. */
let slow: ServerResponse[];
/** Entries of the audit log. */
let audited: { readonly address: string }[];
let environment: Record<string, string>;
const replicas: RunningService[] = [];

/** Stands for gateway and api-service: it knows the token, and answers with what it was asked. */
const startUpstream = async (): Promise<string> => {
  upstream = createServer((request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (url === '/v1/auth') {
        const holder = HOLDERS.get(String(headers['x-token']));
        if (holder === undefined) response.writeHead(401).end();
        else response.writeHead(200, { [IDENTITY_HEADER]: new Identities(TOKEN).sign(holder) }).end();
        return;
      }
      if (url === '/v1/audit') {
        const { entries } = JSON.parse(body) as { entries: typeof audited };
        audited.push(...entries);
        response.writeHead(204).end();
        return;
      }
      if (url === '/v1/identity-provider') {
        response.end('{"identityProviders":[]}');
        return;
      }
      if (url === '/keptn/api/v1/slow') {
        slow.push(response);
        return;
      }
      asked.push({ method, url, headers, body });
      const status = STATUSES.get(url ?? '') ?? 200;
      response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'a=b' }).end('{"n":1.0}');
    });
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keptn-bridge-'));
  // The source of the page: what the build leaves of it is the same here.
  await copyFile(join(import.meta.dirname, '../web/index.html'), join(folder, 'index.html'));
  const url = await startUpstream();
  environment = {
    ...{ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', KEPTN_API_TOKEN: TOKEN, WEB_FOLDER: folder },
    ...{ API_GATEWAY_URL: url, API_SERVICE_URL: url, PREFIX_PATH: '/keptn', KEPTN_DATA_DIR: folder },
    AUTH_FAILURES_PER_MINUTE: '5',
  };
  replicas.push(await startService(bridge, environment), await startService(bridge, environment));
});

afterAll(async () => {
  for (const replica of replicas) await replica.close();
  upstream.closeAllConnections();
  upstream.close();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  asked = [];
  slow = [];
  audited = [];
});

const call = (path: string, init: RequestInit = {}, replica = 0): Promise<Response> =>
  fetch(`${replicas[replica]?.url ?? ''}${path}`, { redirect: 'manual', ...init });

const signIn = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  call('/session', { method: 'POST', headers: { ...JSON_BODY, ...headers }, body: JSON.stringify(body) });

/** The cookie as a browser sends it back. */
const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the session', () => {
  it('begins with the right token, in a cookie that no script reads and that shows nothing', async () => {
    const answer = await signIn({ token: TOKEN, name: 'ada' });
    expect(await answer.json()).toMatchObject({ signedIn: true, name: 'ada', expiresAt: expect.any(String) });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^keptn-bridge\.keptn=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(Buffer.from(cookie.split(/[=;]/)[1] ?? '', 'base64url').toString('latin1')).not.toContain(TOKEN);
  });

  it('is bound to the host when the browser speaks HTTPS', async () => {
    const answer = await signIn({ token: TOKEN }, { 'x-forwarded-proto': 'https' });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-keptn-bridge\.keptn=.*; Secure$/);
  });

  it('is known to every replica, and ends', async () => {
    const cookie = cookieOf(await signIn({ token: TOKEN }));
    expect(await (await call('/session', { headers: { cookie } }, 1)).json()).toMatchObject({ signedIn: true });
    const end = await call('/session', { method: 'DELETE', headers: { ...PAGE, cookie } });
    expect(end.headers.get('set-cookie')).toContain('Max-Age=0');
    // A copy of the cookie.
    expect(await (await call('/session', { headers: { cookie } })).json()).toMatchObject({ signedIn: false });
    expect((await call('/api/v1/metadata', { headers: { ...PAGE, cookie } })).status).toBe(401);
  });

  it('says what its token permits, and is over when the token no longer counts', async () => {
    HOLDERS.set('a-named-token', VIEWER);
    const cookie = cookieOf(await signIn({ token: 'a-named-token' }));
    const state = async (): Promise<unknown> => (await call('/session', { headers: { cookie } })).json();
    const grants = [{ scopes: [...ROLES.viewer], projects: ['sockshop'] }];
    expect(await state()).toMatchObject({ signedIn: true, name: 'dashboard', grants });
    HOLDERS.delete('a-named-token');
    expect(await state()).toEqual({ signedIn: false, takesPassword: false, signInWith: [] });
  });

  it('ends at the first refusal of its token, so that its further requests are no wrong tokens of everybody', async () => {
    HOLDERS.set('a-token-that-ends', VIEWER);
    const cookie = cookieOf(await signIn({ token: 'a-token-that-ends' }));
    HOLDERS.delete('a-token-that-ends');
    const ask = (): Promise<Response> => call('/api/v1/refused', { headers: { ...PAGE, cookie } });
    expect([(await ask()).status, (await ask()).status]).toEqual([401, 401]);
    expect(asked.map(({ url }) => url)).toEqual(['/keptn/api/v1/refused']);
  });

  it('does not begin with a wrong token; guessing is slowed for its address alone', async () => {
    const guess = (address: string): Promise<Response> => signIn({ token: 'wrong' }, { 'x-real-ip': address });
    const answers = [];
    for (let count = 0; count < 6; count++) answers.push(await guess('192.0.2.1'));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await signIn({ token: TOKEN }, { 'x-real-ip': '192.0.2.2' })).status).toBe(200);
  });

  it('cannot be begun or ended by a page of another site', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }]) {
      expect((await signIn({ token: TOKEN }, headers)).status).toBe(403);
    }
    const cookie = cookieOf(await signIn({ token: TOKEN }));
    expect((await call('/session', { method: 'DELETE', headers: { cookie } })).status).toBe(403);
  });

  it('wants something to sign in with', async () => {
    expect(await (await signIn({ user: 'ada' })).json()).toMatchObject({
      code: 400,
      message: expect.stringContaining('token'),
    });
  });
});

describe('the API behind the Bridge', () => {
  it('gets the token of the session, and nothing that belongs to the Bridge', async () => {
    const cookie = cookieOf(await signIn({ token: TOKEN }));
    const body = '{"data": {"exact": 1.0}}';
    const path = '/api/configuration-service/v1/project/a/resource/b%2Fc?d=e';
    const answer = await call(path, { method: 'POST', headers: { ...JSON_BODY, cookie }, body });
    expect(await answer.text()).toBe('{"n":1.0}');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(asked).toMatchObject([{ method: 'POST', url: `/keptn${path}`, body }]);
    expect(asked[0]?.headers).toMatchObject({ 'x-token': TOKEN, 'content-type': 'application/json' });
    expect(asked[0]?.headers).not.toHaveProperty('cookie');
    expect(asked[0]?.headers).not.toHaveProperty('x-keptn-bridge');
  });

  it.each(['application/x-ndjson', 'text/plain', undefined])('gets a body of type %s as it is', async (type) => {
    const headers = {
      ...PAGE,
      ...(type !== undefined && { 'content-type': type }),
      cookie: cookieOf(await signIn({ token: TOKEN })),
    };
    const body = Buffer.from('{"n":1.0}\n{"n":2.0}\n');
    expect((await call('/api/mongodb-datastore/event', { method: 'POST', headers, body })).status).toBe(200);
    expect(asked[0]).toMatchObject({ body: body.toString() });
    expect(asked[0]?.headers['content-type']).toBe(type);
  });

  it('is answered for as it stands, failures too', async () => {
    const cookie = cookieOf(await signIn({ token: TOKEN }));
    expect((await call('/api/v1/conflict', { headers: { ...PAGE, cookie } })).status).toBe(409);
  });

  it('is closed to others; a token of their own does not open it', async () => {
    for (const headers of [PAGE, { ...PAGE, 'x-token': TOKEN }, { ...PAGE, cookie: 'keptn-bridge.keptn=abc' }]) {
      expect(await (await call('/api/v1/metadata', { headers })).json()).toMatchObject({ reason: 'UNAUTHENTICATED' });
    }
    expect(asked).toEqual([]);
  });

  it('shows its documents to anyone', async () => {
    expect((await call('/api/swagger-ui/swagger.yaml')).status).toBe(200);
    expect(asked[0]?.headers).not.toHaveProperty('x-token');
  });

  it('is not changed from another site', async () => {
    const cookie = cookieOf(await signIn({ token: TOKEN }));
    const headers = { ...JSON_BODY, cookie, 'sec-fetch-site': 'same-site' };
    expect((await call('/api/v1/event', { method: 'POST', headers, body: '{}' })).status).toBe(403);
    expect(asked).toEqual([]);
  });
});

describe('requests to the API behind the Bridge', () => {
  const session = async (): Promise<Record<string, string>> => ({
    ...JSON_BODY,
    cookie: cookieOf(await signIn({ token: TOKEN })),
  });

  it('end with their clients, also before they are answered', async () => {
    const gone = new AbortController();
    const answer = call('/api/v1/slow', { headers: await session(), signal: gone.signal });
    await vi.waitFor(() => {
      expect(slow).toHaveLength(1);
    });
    const ended = new Promise((resolve) => slow[0]?.once('close', resolve));
    gone.abort();
    await expect(answer).rejects.toThrow('aborted');
    await ended;
  });

  it('do not wait for the bodies of others, which are not kept in memory', async () => {
    const headers = { ...(await session()), 'transfer-encoding': 'chunked' };
    const url = `${replicas[0]?.url ?? ''}/api/v1/event`;
    const others = [1, 2, 3].map(() => request(url, { method: 'POST', headers }).on('error', () => undefined));
    for (const other of others) other.write('{');
    const body = JSON.stringify({ text: 'x'.repeat(100_000) });
    expect((await call('/api/v1/event', { method: 'POST', headers: await session(), body })).status).toBe(200);
    for (const other of others) other.destroy();
  });
});

describe('user and password of `keptn configure bridge`', () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`keptn:${password}`).toString('base64')}`,
  });

  beforeAll(() =>
    writeFile(join(folder, 'bridge-credentials.json'), JSON.stringify({ user: 'keptn', password: 'p:w' })),
  );
  afterAll(() => rm(join(folder, 'bridge-credentials.json')));

  it('are known a second after they were set', async () => {
    await expect
      .poll(async () => (await call('/session')).json(), { timeout: 10_000 })
      .toMatchObject({ takesPassword: true });
  });

  it('open the API to scripts, which are asked for them', async () => {
    expect((await call('/api/v1/metadata', { headers: basic('p:w') })).status).toBe(200);
    expect(asked[0]?.headers).toMatchObject({ 'x-token': TOKEN });
    const refused = await call('/api/v1/metadata', { headers: basic('wrong') });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Keptn"');
  });

  it('are in the audit log when they are wrong: the first of an address at once, further ones together', async () => {
    const from = { 'x-real-ip': '198.51.100.7', 'x-request-id': 'a-wrong-password' };
    await call('/api/v1/metadata', { headers: { ...basic('wrong-1'), ...from } });
    await signIn({ user: 'somebody', password: 'wrong-2' }, from);
    await signIn({ user: 'somebody', password: 'wrong-3' }, from);
    const ofAddress = () => audited.filter(({ address }) => address === from['x-real-ip']);
    await expect.poll(ofAddress, { timeout: 10_000 }).toMatchObject([
      {
        ...{ actor: { kind: 'unknown', name: 'unknown' }, requestId: 'a-wrong-password', target: { attempts: '1' } },
        ...{ service: 'bridge', action: 'POST /session', outcome: 'refused', status: 401 },
      },
    ]);
    await replicas[0]?.close();
    replicas[0] = await startService(bridge, environment);
    expect(ofAddress()).toMatchObject([{ target: { attempts: '1' } }, { target: { attempts: '2' } }]);
    expect(JSON.stringify(audited)).not.toMatch(/wrong-\d|somebody/);
  });

  it('begin a session, which ends when they change', async () => {
    const answer = await signIn({ user: 'keptn', password: 'p:w' });
    expect(await answer.json()).toMatchObject({ signedIn: true, name: 'keptn' });
    const cookie = cookieOf(answer);
    await writeFile(join(folder, 'bridge-credentials.json'), JSON.stringify({ user: 'keptn', password: 'another' }));
    await expect
      .poll(async () => (await call('/session', { headers: { cookie } })).json(), { timeout: 10_000 })
      .toMatchObject({ signedIn: false });
  });
});

describe('user and password that cannot be read', () => {
  const FILE = () => join(folder, 'bridge-credentials.json');

  // What is a folder is no file to read.
  beforeAll(() => mkdir(FILE()));
  afterAll(() => rm(FILE(), { recursive: true }));

  it('are taken for neither set nor wrong, and keep no one out who signs in otherwise', async () => {
    const tried = () => signIn({ user: 'keptn', password: 'p:w' }).then(({ status }) => status);
    await expect.poll(tried, { timeout: 10_000 }).toBe(503);
    await expect((await call('/session')).json()).resolves.toMatchObject({ signedIn: false, takesPassword: true });
    await expect((await signIn({ token: TOKEN })).json()).resolves.toMatchObject({ signedIn: true });
  });
});

describe('the pages', () => {
  it('are the same for every path, know their prefix, and are asked for again', async () => {
    const page = await call('/project/sockshop');
    expect(await page.text()).toContain('<base href="/keptn/bridge/" />');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const headers = { 'if-none-match': page.headers.get('etag') ?? '' };
    expect((await call('/', { headers })).status).toBe(304);
  });

  it('may run nothing but their own files, and stand in no frame', async () => {
    const { headers } = await call('/');
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('come with the licenses of what they are made of', async () => {
    await writeFile(join(folder, 'third-party-licenses.txt'), 'react (MIT)');
    const answer = await call('/third-party-licenses.txt');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=0');
    expect(await answer.text()).toBe('react (MIT)');
  });

  it('do not stand in for a file that is gone', async () => {
    expect((await call('/assets/gone.js')).status).toBe(404);
  });
});

describe('what scripts asked the Bridge of 0.7', () => {
  it('is answered, without the token', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'keptn.example' };
    const info = await (await call('/api/bridgeInfo', { headers })).text();
    expect(JSON.parse(info)).toMatchObject({ apiUrl: 'https://keptn.example/keptn/api', showApiToken: false });
    expect(info).not.toContain(TOKEN);
  });

  it.each(['/api/integrationsPage', '/api/version.json'])('is not fetched from the internet: %s', async (path) => {
    expect((await call(path)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('metrics', () => {
  it('are for the cluster and not for those behind the gateway', async () => {
    expect((await call('/metrics')).status).toBe(200);
    expect((await call('/metrics', { headers: { 'x-real-ip': '192.0.2.1' } })).status).toBe(404);
  });
});
