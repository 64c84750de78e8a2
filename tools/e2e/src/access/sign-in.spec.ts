import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCommand, runKeptn } from '../keptn-command';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';
import { FormBrowser } from './form-browser';
import { AUDIENCE, BRIDGE_CLIENT, CLI_CLIENT, IdentityProvider, PIPELINE_CLIENT } from './identity-provider';
import { groupGrants, move, MovingRights } from './moving-rights';
import { placesOf } from './secret-search';
import { SecondGateway } from './second-gateway';

const HOUR_SECONDS = 3_600;

/** Milliseconds; for a busy machine. */
const PATIENCE_MS = 20_000;

/** Seconds: shorter than the time before its end at which a token is renewed. */
const ENDING = 20;

/** What renewed tokens, to be found nowhere. */
const refreshTokens: string[] = [];

let provider: IdentityProvider;
let away: IdentityProvider;
let system: LaunchedSystem;
let origin: string;

beforeAll(async () => {
  const launch = await newLaunch();
  origin = `http://localhost:${launch.firstPort}`;
  const callback = `${origin}/bridge/sign-in/callback`;
  [provider, away] = await Promise.all([IdentityProvider.start(callback), IdentityProvider.start(callback)]);
  away.isDown = true;
  const grants = [
    { claims: { groups: 'platform' }, role: 'admin' },
    { claims: { client_id: PIPELINE_CLIENT.id }, role: 'viewer', projects: ['sockshop'] },
    ...groupGrants,
  ];
  const signIn = { name: 'Example Corp.', clientId: CLI_CLIENT, bridgeClientId: BRIDGE_CLIENT.id };
  const environment = {
    IDENTITY_PROVIDERS: JSON.stringify([
      { issuer: `${provider.issuer}/`, audience: AUDIENCE, signIn, grants },
      { issuer: away.issuer, audience: AUDIENCE, grants },
    ]),
    AUTH_FAILURES_PER_MINUTE: '60000',
    SIGN_IN_CLIENT_SECRETS: JSON.stringify({ [BRIDGE_CLIENT.id]: BRIDGE_CLIENT.secret }),
  };
  system = await startSystem({ ...launch, environment });
});

afterAll(async () => {
  await system.interrupt();
  await Promise.all([removeData(system.launch), provider.stop(), away.stop()]);
});

const now = (): number => Math.floor(Date.now() / 1_000);

/** The status of a request that anyone may make who is known and has a role. */
const statusWith = async (token: string): Promise<number> =>
  (await system.call('GET', '/v1/metadata', undefined, { authorization: `Bearer ${token}` })).status;

describe('a token of the provider', () => {
  it('lets a pipeline in without a secret of Keptn, for what its claims permit', async () => {
    const token = await provider.tokenOfPipeline();
    expect(await statusWith(token)).toBe(200);
    const refused = await system.call('POST', '/v1/token', { name: 'x' }, { authorization: `Bearer ${token}` });
    expect(refused.status).toBe(403);
  });

  it('counts whether or not its issuer ends with a slash', async () => {
    expect(await statusWith(await provider.forged({ iss: `${provider.issuer}/` }))).toBe(200);
  });

  it('counts with a new key, and with the one before', async () => {
    const before = await provider.tokenOfPipeline();
    await provider.rotateKeys();
    const token = await provider.tokenOfPipeline();
    await expect.poll(() => statusWith(token), { timeout: PATIENCE_MS, interval: 500 }).toBe(200);
    expect(await statusWith(before)).toBe(200);
  });

  it.each([
    ['for another audience', () => provider.forged({ aud: 'other' })],
    ['expired', () => provider.forged({ exp: now() - HOUR_SECONDS })],
    ['not valid yet', () => provider.forged({ nbf: now() + HOUR_SECONDS })],
    ['of an unknown issuer', () => provider.forged({ iss: 'https://example.com' })],
    ['without an end', () => provider.forged({ exp: undefined })],
    [
      'altered',
      async () =>
        (await provider.forged({})).replace(/\.(.)(?=[^.]*$)/, (_all, first) => (first === 'A' ? '.B' : '.A')),
    ],
    [
      'unsigned (alg none)',
      async () => {
        const [, claims = ''] = (await provider.forged({})).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.AA`;
      },
    ],
    [
      'signed with the public key as if it were a secret',
      () =>
        new SignJWT({ iss: provider.issuer, aud: AUDIENCE, sub: 'ada', exp: now() + HOUR_SECONDS })
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(JSON.stringify(provider.publicJwk))),
    ],
    ['signed by another provider', async () => away.forged({ iss: provider.issuer })],
  ])('is refused when it is %s', async (_what, forge) => {
    expect(await statusWith(await forge())).toBe(401);
  });

  it('is answered with 503 while its provider could not be asked yet, and counts once it could, even if it goes away', async () => {
    const token = await away.forged({});
    expect(await statusWith(token)).toBe(503);
    away.isDown = false;
    await expect.poll(() => statusWith(token), { timeout: PATIENCE_MS }).toBe(200);
    away.isDown = true;
    expect(await statusWith(await away.forged({ jti: 'another' }))).toBe(200);
  });
});

describe('rights', () => {
  it(
    'are what a model says at two gateways, whatever is created, rotated, ended, moved to other roles or groups, and in whatever order',
    { timeout: 120_000 },
    async () => {
      const second = await SecondGateway.of(system);
      const tokenOf = (groups: readonly string[]) => provider.forged({ sub: 'mover', groups, jti: randomUUID() });
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 8, maxLength: 12 }), async (steps) => {
          const rights = new MovingRights(system, [system.endpoint, second.endpoint], tokenOf);
          for (const step of steps) {
            await rights.make(step);
            await rights.check();
          }
          await rights.end();
        }),
        { numRuns: 3, seed: 7, endOnFailure: true },
      );
      await second.stop();
    },
  );
});

describe('keptn auth --sso', () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'keptn-sso-'));
  });

  afterAll(() => rm(home, { recursive: true }));

  const keptn = (...words: string[]) => runKeptn(words, { environment: { HOME: home } });

  const stored = async () => {
    const file = await readFile(join(home, '.keptn/contexts.json'), 'utf8');
    const { contexts } = JSON.parse(file) as {
      contexts: Record<string, { token: string; signIn: { refreshToken: string } }>;
    };
    return contexts['default'];
  };

  const signIn = async (login: string) => {
    const words = ['auth', '--sso', `--endpoint=${system.endpoint}`];
    const command = new RunningCommand(words, { environment: { HOME: home } });
    await command.reported('confirm the code');
    const address = /Open (\S+)/.exec(command.errors)?.[1] ?? '';
    await new FormBrowser({ login, password: 'any' }).browse(address);
    return command.outcome();
  };

  it('signs somebody in by the device flow, who then acts as themselves', { timeout: 60_000 }, async () => {
    provider.tokenLifetime = ENDING;
    expect(await signIn('ada')).toMatchObject({ code: 0 });
    expect((await keptn('create', 'token', 'of-ada', '--role=viewer')).code).toBe(0);
    const { stdout } = await keptn(
      'get',
      'audit',
      '--actor=ada@example.com',
      '--action=POST /v1/token',
      '-o',
      'ndjson',
    );
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(entries).toMatchObject([{ actor: { kind: 'person', name: 'ada@example.com' }, outcome: 'done' }]);
  });

  it('renews the token before it ends, also when commands do so at the same time', async () => {
    const before = await stored();
    const codes = await Promise.all([keptn('get', 'tokens'), keptn('get', 'tokens')]);
    expect(codes.map(({ code }) => code)).toContain(0);
    expect((await stored())?.token).not.toBe(before?.token);
  });

  it('ends with keptn logout, and the provider renews nothing any more', async () => {
    const before = await stored();
    refreshTokens.push(before?.signIn.refreshToken ?? '');
    expect((await keptn('logout')).code).toBe(0);
    expect(await stored()).toBeUndefined();
    const form = {
      grant_type: 'refresh_token',
      client_id: CLI_CLIENT,
      refresh_token: before?.signIn.refreshToken ?? '',
    };
    const renewed = await fetch(`${provider.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
    expect(renewed.status).toBe(400);
    expect((await keptn('get', 'projects')).code).toBe(3);
  });
});

describe('the Bridge', () => {
  const COOKIE = 'keptn-bridge';

  const signIn = async (login: string): Promise<{ url: URL; cookie: string | undefined }> => {
    const browser = new FormBrowser({ login, password: 'any' });
    const address = `${origin}/bridge/sign-in?provider=Example+Corp.&to=runs%3Fproject%3Dsockshop`;
    const { url } = await browser.browse(address, ({ pathname }) => /^\/bridge\/(?!sign-in)/.test(pathname));
    return { url, cookie: browser.cookieOf(origin, COOKIE) };
  };

  const get = (path: string, cookie: string): Promise<Response> =>
    fetch(`${origin}/bridge${path}`, { headers: { cookie: `${COOKIE}=${cookie}`, 'x-keptn-bridge': '1' } });

  it('offers the provider, signs in by authorization code with PKCE, and leads to where somebody wanted to go', async () => {
    expect(await (await fetch(`${origin}/bridge/session`)).json()).toMatchObject({ signInWith: ['Example Corp.'] });
    const begun = await fetch(`${origin}/bridge/sign-in?provider=Example+Corp.`, { redirect: 'manual' });
    const asked = new URL(begun.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    expect([asked.get('state'), asked.get('nonce')].every((value) => (value ?? '').length > 20)).toBe(true);
    const { url, cookie = '' } = await signIn('ada');
    expect(`${url.pathname}${url.search}`).toBe('/bridge/runs?project=sockshop');
    await expect((await get('/session', cookie)).json()).resolves.toMatchObject({ signedIn: true, name: 'ada' });
    expect((await get('/api/v1/token', cookie)).status).toBe(200);
  });

  it('shows somebody without a role nothing', async () => {
    const { cookie = '' } = await signIn('grace');
    expect((await get('/api/v1/token', cookie)).status).toBe(403);
  });

  it('renews the token before it ends, once for all requests of a page', async () => {
    provider.tokenLifetime = ENDING;
    const { cookie = '' } = await signIn('ada');
    provider.tokenLifetime = 300;
    const answers = await Promise.all([1, 2, 3, 4].map(() => get('/api/v1/token', cookie)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const renewed = answers.map(({ headers }) => /^keptn-bridge=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1]);
    expect((await get('/api/v1/token', renewed[0] ?? '')).status).toBe(200);
  });

  it('keeps the session while the provider is away and can renew nothing', async () => {
    provider.tokenLifetime = ENDING;
    const { cookie = '' } = await signIn('ada');
    provider.tokenLifetime = 300;
    provider.isDown = true;
    const away = await get('/api/v1/token', cookie);
    provider.isDown = false;
    expect([away.status, away.headers.get('set-cookie')]).toEqual([503, null]);
    expect((await get('/api/v1/token', cookie)).status).toBe(200);
  });

  it('signs out', async () => {
    const { cookie = '' } = await signIn('ada');
    const headers = { cookie: `${COOKIE}=${cookie}`, 'x-keptn-bridge': '1' };
    expect((await fetch(`${origin}/bridge/session`, { method: 'DELETE', headers })).status).toBe(200);
    expect((await get('/api/v1/token', cookie)).status).toBe(401);
  });

  it.each([
    ['of nobody who left from here', `code=x&state=y`, 'expired'],
    ['without anything', '', 'expired'],
  ])('takes no answer of a provider %s', async (_what, query, failure) => {
    const answer = await fetch(`${origin}/bridge/sign-in/callback?${query}`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/bridge/?sign-in=${failure}`]);
  });

  it('takes no answer with another state, and says so when the provider refuses', async () => {
    const begun = await fetch(`${origin}/bridge/sign-in?provider=Example+Corp.`, { redirect: 'manual' });
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const finish = async (query: string) =>
      (
        await fetch(`${origin}/bridge/sign-in/callback?${query}`, { redirect: 'manual', headers: { cookie } })
      ).headers.get('location');
    const iss = encodeURIComponent(provider.issuer);
    expect(await finish(`code=x&state=another&iss=${iss}`)).toBe('/bridge/?sign-in=refused');
    expect(await finish(`error=access_denied&state=${state}&iss=${iss}`)).toBe('/bridge/?sign-in=denied');
  });

  it('leads nowhere else', async () => {
    for (const to of ['//example.com', '/example', '\\example', 'a b']) {
      const address = `${origin}/bridge/sign-in?provider=Example+Corp.&to=${encodeURIComponent(to)}`;
      expect((await fetch(address, { redirect: 'manual' })).status).toBe(400);
    }
  });
});

describe('what people and programs sign in with', () => {
  it('is in no log, file, process list or audit entry', async () => {
    const token = await provider.tokenOfPipeline();
    expect(await statusWith(token)).toBe(200);
    const secrets = [token, BRIDGE_CLIENT.secret, PIPELINE_CLIENT.secret, ...refreshTokens];
    expect(refreshTokens.length).toBeGreaterThan(0);
    expect(await placesOf(secrets, system)).toEqual([]);
  });
});
