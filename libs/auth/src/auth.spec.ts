import { createHmac } from 'node:crypto';
import { commonSettings, type RunningService, startService } from '@keptn/service-kit';
import { Controller, Get, Module } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiToken } from './api-token';
import { ChannelTickets, InvalidTicket, tokenGuard } from './index';

const TOKEN = 'a-token-for-these-tests';

@Controller('things')
class ThingsController {
  @Get()
  list(): string[] {
    return [];
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the token guard', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(
      {
        name: 'things',
        openApi: { title: 'things', description: 'A service for these tests', tags: [] },
        settings: commonSettings,
        module: () => ThingsModule,
        guard: () => tokenGuard(TOKEN),
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
    expect(tickets.verify(tickets.issue('context-1'))).toBe('context-1');
  });

  const key = createHmac('sha256', TOKEN).update('keptn websocket channel ticket').digest();
  const signedWith = (secret: Uint8Array, claims: object, expiry: string) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setExpirationTime(expiry).sign(secret);

  it('are JWTs, which say when they expire, to any library', async () => {
    expect(await jwtVerify(tickets.issue('context-1'), key)).toMatchObject({
      protectedHeader: { alg: 'HS256', typ: 'JWT' },
      payload: { keptnContext: 'context-1', exp: expect.any(Number) },
    });
    expect(tickets.verify(await signedWith(key, { keptnContext: 'context-2' }, '1h'))).toBe('context-2');
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
    ['garbage', () => 'a.b.c'],
    ['empty', () => ''],
  ])('are refused when %s', async (_what, forge) => {
    const ticket = await forge();
    expect(() => tickets.verify(ticket)).toThrow(InvalidTicket);
  });
});
