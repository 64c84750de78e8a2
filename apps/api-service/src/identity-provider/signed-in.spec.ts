import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Caller } from '@keptn/api-models';
import { ServiceUnavailable } from '@keptn/service-kit';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiServiceSettings } from '../settings';
import { identityProvidersSetting } from './identity-providers.setting';
import { SignedIn } from './signed-in';

const MINUTE_MS = 60_000;

let server: Server;
let issuer: string;
let keys: { readonly jwk: JWK; readonly privateKey: CryptoKey }[];
/** How the provider answers when it is asked for its keys. */
let tellKeys: RequestListener;
let asked: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  keys = [];
  asked = 0;
  await addKey();
  tellKeys = (_request, response) => response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  server = createServer((request, response) => {
    if (request.url === '/keys') {
      asked++;
      tellKeys(request, response);
    } else response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

async function addKey(): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  keys.unshift({ privateKey, jwk: { ...(await exportJWK(publicKey)), kid: `key-${keys.length}`, alg: 'RS256' } });
}

/** Signed with the newest key. */
async function tokenFor(audience: string): Promise<string> {
  const [key] = keys;
  if (key?.jwk.kid === undefined) throw new Error('the provider has no key');
  return new SignJWT({ groups: ['platform'] })
    .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('ada')
    .setExpirationTime('30d')
    .sign(key.privateKey);
}

function signedIn(
  providers: readonly object[] = [{ audience: 'keptn' }],
): (token: string) => Promise<Caller | undefined> {
  const grants = [{ claims: { groups: 'platform' }, role: 'viewer' }];
  const text = JSON.stringify(providers.map((provider) => ({ issuer, grants, ...provider })));
  const settings = { IDENTITY_PROVIDERS: identityProvidersSetting.parse(text) } as unknown as ApiServiceSettings;
  const subject = new SignedIn(settings, pino({ level: 'silent' }));
  return (token) => subject.holderOf(token);
}

const unavailable: RequestListener = (_request, response) => response.writeHead(503).end('be right back');

describe('whoever shows a token of an identity provider', () => {
  it('is not refused because the provider does not tell its keys', async () => {
    const holderOf = signedIn();
    tellKeys = unavailable;
    await expect(holderOf(await tokenFor('keptn'))).rejects.toThrow(ServiceUnavailable);
    tellKeys = (_request, response) => response.end('<html>a page</html>');
    await expect(holderOf(await tokenFor('keptn'))).rejects.toThrow(ServiceUnavailable);
  });

  it('is known by the keys that are known while the provider is away, however long that is', async () => {
    const holderOf = signedIn();
    const token = await tokenFor('keptn');
    expect((await holderOf(token))?.name).toBe('ada');
    for (const tell of [unavailable, (({ socket }) => socket.destroy()) satisfies RequestListener]) {
      tellKeys = tell;
      const before = asked;
      await vi.waitFor(async () => {
        // Again, should the last question still be under way.
        vi.advanceTimersByTime(20 * MINUTE_MS);
        expect((await holderOf(token))?.name).toBe('ada');
        expect(asked).toBeGreaterThan(before);
      });
    }
  });

  it('is known no longer by a key that the provider has withdrawn', async () => {
    const holderOf = signedIn();
    const token = await tokenFor('keptn');
    await holderOf(token);
    await addKey();
    keys.pop();
    vi.advanceTimersByTime(20 * MINUTE_MS);
    await holderOf(token);
    await vi.waitFor(async () => {
      expect(await holderOf(token)).toBeUndefined();
    });
  });

  it('is a person or a workload by the audience, where one issuer has both', async () => {
    const holderOf = signedIn([{ audience: 'keptn' }, { audience: 'ci', kind: 'workload' }]);
    const kinds = ['keptn', 'ci', 'somebody-else'].map(async (audience) => holderOf(await tokenFor(audience)));
    expect((await Promise.all(kinds)).map((caller) => caller?.description.kind)).toEqual([
      'person',
      'workload',
      undefined,
    ]);
  });
});

describe('identity providers', () => {
  it.each([
    [[{ audience: 'keptn' }, { audience: 'keptn', kind: 'workload' }], 'the same issuer and audience'],
    [
      ['keptn', 'ci'].map((audience) => ({ audience, signIn: { name: audience, clientId: audience } })),
      'sign in with one',
    ],
  ])('that cannot be told apart are refused: %j', (providers, reason) => {
    expect(() => signedIn(providers)).toThrow(reason);
  });
});
