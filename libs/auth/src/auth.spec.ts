import { createHmac } from 'node:crypto';
import { Caller, type Grant, route } from '@keptn/api-models';
import { commonSettings, CurrentCaller, Route, type RunningService, startService } from '@keptn/service-kit';
import { Controller, Get, Module } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiToken } from './api-token';
import { accessGuard, ChannelTickets, Identities, InvalidTicket } from './index';

const TOKEN = 'a-token-for-these-tests';

const thingOfProject = route({
  method: 'GET',
  path: '/project/{project}/thing',
  scope: 'project:read',
  tag: 'Things',
  summary: 'Read a thing of a project',
  parameters: z.object({ project: z.string() }),
  answers: { 200: { description: 'The thing', body: z.string() } },
  errors: [],
});

const things = route({ ...thingOfProject, path: '/own-thing', keepsToProjects: true, parameters: z.object({}) });

@Controller()
class ThingsController {
  @Get('things')
  list(): string[] {
    return [];
  }

  @Route(thingOfProject)
  one(@CurrentCaller() caller: Caller): string {
    return caller.name;
  }

  @Route(things)
  own(@CurrentCaller() caller: Caller): string {
    return JSON.stringify(caller.projectsWith('project:read'));
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the access guard', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(
      {
        name: 'things',
        openApi: { title: 'things', description: 'A service for these tests', tags: [] },
        settings: commonSettings,
        module: () => ThingsModule,
        guard: () => accessGuard({ KEPTN_API_TOKEN: TOKEN, TRUSTED_NETWORK: false }),
      },
      { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' },
    );
  });

  afterAll(() => service.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.url}${path}`, { headers });
    return { status: response.status, body: await response.text() };
  };

  it.each([
    ['without a token', {}, 'unauthenticated for invalid credentials'],
    ['with an empty token', { 'x-token': '' }, 'unauthenticated for invalid credentials'],
    ['with a wrong token', { 'x-token': 'wrong' }, 'incorrect api key auth'],
  ])('refuses a request %s', async (_what, headers, message) => {
    expect(await get('/things', headers)).toEqual({
      status: 401,
      body: JSON.stringify({ code: 401, message, reason: 'UNAUTHENTICATED' }),
    });
  });

  it('lets a request with the token pass, whatever the case of the header', async () => {
    expect((await get('/things', { 'X-Token': TOKEN })).status).toBe(200);
  });

  it('takes the token as a bearer token too, which is all that Prometheus can send', async () => {
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get('/metrics', { authorization: `Basic ${TOKEN}` })).status).toBe(401);
  });

  it.each([
    ['the same', { 'x-token': `${TOKEN}, ${TOKEN}` }, 200],
    ['the same in another header', { 'x-token': TOKEN, authorization: `Bearer ${TOKEN}` }, 200],
    ['an empty one', { 'x-token': `, ${TOKEN}` }, 200],
    ['a wrong one', { 'x-token': `wrong, ${TOKEN}` }, 401],
    ['a wrong one in another header', { 'x-token': TOKEN, authorization: 'Bearer wrong' }, 401],
    ['credentials of another kind', { 'x-token': TOKEN, authorization: 'Basic dTpw' }, 200],
  ])('takes the token beside %s: %j', async (_what, headers, status) => {
    expect((await get('/things', headers)).status).toBe(status);
  });

  it.each([
    '/nowhere',
    '/metrics',
    '/swagger-ui/../things',
    '/swagger-ui%2F..%2Fthings',
    '/healthy',
    '/swagger-uix',
    '/docs/x',
  ])('refuses %s without a token', async (path) => {
    expect((await get(path)).status).toBe(401);
  });

  const as = (...grants: Grant[]) => ({
    'x-keptn-identity': new Identities(TOKEN).sign(new Caller({ kind: 'token', name: 'ci', id: '1', grants })),
  });
  const reader = as({ scopes: ['project:read'], projects: ['sockshop'] });

  it('takes whoever the gateway names by a signed identity, with what they may do', async () => {
    expect(await get('/project/sockshop/thing', reader)).toEqual({ status: 200, body: 'ci' });
    expect(await get('/own-thing', reader)).toEqual({ status: 200, body: '["sockshop"]' });
    expect((await get('/own-thing', as({ scopes: ['event:read'], projects: 'all' }))).status).toBe(403);
  });

  it.each(['/project/other/thing', '/project/%6Fther/thing', '//project//other//thing/'])(
    'refuses %s to whoever has the scope on another project only',
    async (path) => {
      expect(await get(path, reader)).toEqual({
        status: 403,
        body: JSON.stringify({
          code: 403,
          message: 'this needs the scope project:read on project "other"',
          reason: 'FORBIDDEN',
        }),
      });
    },
  );

  it('keeps what has no contract, such as metrics, to those who may do everything', async () => {
    expect((await get('/metrics', reader)).status).toBe(403);
    expect((await get('/nowhere', reader)).status).toBe(404);
  });

  it('refuses an identity that the gateway did not sign, whatever token comes with it', async () => {
    const forged = new Identities('another-token-12345').sign(Caller.SHARED);
    expect((await get('/things', { 'x-keptn-identity': forged, 'x-token': TOKEN })).status).toBe(401);
  });

  it.each(['/health', '/ready', '/swagger-ui/', '/swagger-ui/swagger.yaml', '/swagger.json', '/v1/docs', '/docs'])(
    'leaves %s open',
    async (path) => {
      expect((await get(path)).status).toBe(200);
    },
  );
});

describe('ApiToken', () => {
  it('matches only the whole token', () => {
    const token = new ApiToken(TOKEN);
    expect([TOKEN, TOKEN.slice(1), `${TOKEN} `, ''].map((offered) => token.matches(offered))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('channel tickets', () => {
  const tickets = new ChannelTickets(TOKEN);

  it('name the context whose channel they open', () => {
    expect(tickets.verify(tickets.issue('context-1'))).toMatchObject({ keptnContext: 'context-1' });
  });

  it('end with the token of whoever gets them', () => {
    const inAMinute = Math.floor(Date.now() / 1_000) + 60;
    const token = new Caller({ kind: 'token', name: 'ci', id: 'id-1', grants: [], expiresAt: inAMinute });
    expect(tickets.verify(tickets.issue('c', token))).toMatchObject({ exp: inAMinute, tokenId: 'id-1' });
    expect(tickets.verify(tickets.issue('c', Caller.SHARED))).not.toHaveProperty('tokenId');
  });

  const key = createHmac('sha256', TOKEN).update('keptn websocket channel ticket').digest();
  const signedWith = (secret: Uint8Array, claims: object, expiry: string) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setExpirationTime(expiry).sign(secret);

  it('are JWTs, which say when they expire, to any library', async () => {
    expect(await jwtVerify(tickets.issue('context-1'), key)).toMatchObject({
      protectedHeader: { alg: 'HS256', typ: 'JWT' },
      payload: { keptnContext: 'context-1', exp: expect.any(Number) },
    });
    expect(tickets.verify(await signedWith(key, { keptnContext: 'context-2' }, '1h'))).toMatchObject({
      keptnContext: 'context-2',
    });
  });

  it.each([
    [
      'forged with the API token itself',
      () => signedWith(new TextEncoder().encode(TOKEN), { keptnContext: 'c' }, '1h'),
    ],
    ['altered', () => tickets.issue('c').replace(/[^.]$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['with something after it', () => `${tickets.issue('c')}=`],
    ['expired', () => signedWith(key, { keptnContext: 'c' }, '-1s')],
    ['for no context', () => signedWith(key, {}, '1h')],
    ['of another installation', () => new ChannelTickets('another-token-12345').issue('c')],
    ['unsigned', () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${tickets.issue('c').split('.')[1]}.`],
    ['signed with letters that no signature has', () => tickets.issue('c').replace(/.$/, 'é')],
    ['garbage', () => 'a.b.c'],
    ['empty', () => ''],
  ])('are refused when %s', async (_what, forge) => {
    const ticket = await forge();
    expect(() => tickets.verify(ticket)).toThrow(InvalidTicket);
  });
});
