import { type RunningService } from '@keptn/service-kit';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandingProvider } from './identity-provider';
import { startApiService } from './started-api-service';

const HOUR_SECONDS = 3_600;

const now = (): number => Math.floor(Date.now() / 1_000);

describe('whoever signed in at an identity provider', () => {
  let provider: StandingProvider;
  let away: StandingProvider;
  let service: RunningService;

  beforeAll(async () => {
    [provider, away] = await Promise.all([StandingProvider.start(), StandingProvider.start()]);
    away.isDown = true;
    const grants = [
      { claims: { groups: 'platform' }, role: 'admin' },
      { claims: { groups: 'team-a' }, role: 'editor', projects: ['sockshop'] },
    ];
    service = await startApiService({
      IDENTITY_PROVIDERS: JSON.stringify([
        { issuer: `${provider.issuer}/`, audience: 'keptn', grants },
        { issuer: away.issuer, audience: 'keptn', grants },
      ]),
    });
  });

  afterAll(async () => {
    await service.close();
    await Promise.all([provider.stop(), away.stop()]);
  });

  const asked = async (token: string): Promise<{ status: number; caller: unknown }> => {
    const { status, headers } = await fetch(`${service.url}/v1/auth`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const claims = headers.get('x-keptn-identity')?.split('.')[1];
    const identity = claims === undefined ? {} : (JSON.parse(Buffer.from(claims, 'base64url').toString()) as object);
    return { status, caller: 'caller' in identity ? identity.caller : undefined };
  };

  it('has the roles of their groups, each on its projects', async () => {
    const token = await provider.token({ email: 'ada@example.com', groups: ['team-a', 'others'] });
    expect(await asked(token)).toMatchObject({
      status: 200,
      caller: {
        kind: 'person',
        name: 'ada@example.com',
        email: 'ada@example.com',
        grants: [{ projects: ['sockshop'], scopes: expect.arrayContaining(['resource:write']) }],
      },
    });
    expect(await asked(await provider.token())).toMatchObject({ status: 200, caller: { name: 'ada', grants: [] } });
  });

  it('is known whether or not the issuer ends with a slash', async () => {
    expect((await asked(await provider.token({ iss: `${provider.issuer}/` }))).status).toBe(200);
  });

  it('is known by a key that is new, and by the one before', async () => {
    const before = await provider.token();
    await provider.addKey();
    const token = await provider.token();
    await expect.poll(async () => (await asked(token)).status, { timeout: 20_000, interval: 500 }).toBe(200);
    expect((await asked(before)).status).toBe(200);
  });

  it.each([
    ['for another audience', () => provider.token({ aud: 'other' })],
    ['expired', () => provider.token({ exp: now() - HOUR_SECONDS })],
    ['not valid yet', () => provider.token({ nbf: now() + HOUR_SECONDS })],
    ['of another issuer', () => provider.token({ iss: 'https://example.com' })],
    ['without an end', () => provider.token({ exp: undefined })],
    [
      'altered',
      async () => (await provider.token()).replace(/\.(.)(?=[^.]*$)/, (_all, first) => (first === 'A' ? '.B' : '.A')),
    ],
    [
      'unsigned',
      async () => {
        const [, claims] = (await provider.token()).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.AA`;
      },
    ],
    [
      'signed with the public key as if it were a secret',
      () =>
        new SignJWT({ iss: provider.issuer, aud: 'keptn', sub: 'ada', exp: now() + HOUR_SECONDS })
          .setProtectedHeader({ alg: 'HS256', kid: 'key-0' })
          .sign(Buffer.from(JSON.stringify(provider.publicJwk))),
    ],
  ])('is nobody with a token that is %s', async (_what, forge) => {
    expect((await asked(await forge())).status).toBe(401);
  });

  it('is told to come back while the provider cannot be asked, and known once it can', async () => {
    const token = await away.token();
    expect((await asked(token)).status).toBe(503);
    away.isDown = false;
    expect((await asked(token)).status).toBe(200);
    away.isDown = true;
    expect((await asked(token)).status).toBe(200);
  });
});
