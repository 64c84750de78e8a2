import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';

/** What tokens are for. */
const RESOURCE = 'https://keptn.example.com';
export const AUDIENCE = 'keptn';

export const CLI_CLIENT = 'keptn-cli';
export const BRIDGE_CLIENT = { id: 'keptn-bridge', secret: 'the-secret-of-the-bridge' };
export const PIPELINE_CLIENT = { id: 'pipeline', secret: 'the-secret-of-the-pipeline' };

/** Groups of the people who can sign in, with any password. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { ada: ['platform'], grace: ['guests'] };

interface Key {
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
}

/** A real OpenID provider, with its pages, at an address that it keeps when it is down or has another key. */
export class IdentityProvider {
  /** Nobody gets an answer. */
  isDown = false;
  /** Seconds that access tokens last. */
  tokenLifetime = 300;
  private readonly keys: Key[] = [];
  private handler: ReturnType<Provider['callback']> = () => Promise.resolve();

  private constructor(
    private readonly server: Server,
    private readonly redirectUri: string,
  ) {}

  /** @param redirectUri where the Bridge takes browsers back */
  static async start(redirectUri: string): Promise<IdentityProvider> {
    const server = createServer();
    const provider = new IdentityProvider(server, redirectUri);
    server.on('request', (request, response) => {
      if (provider.isDown) response.destroy();
      else void provider.handler(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await provider.rotateKeys();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The public key that signs now. */
  get publicJwk(): object {
    const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicPart } = this.key.jwk;
    return publicPart;
  }

  /** Signs with a new key from now on; those before stay known. */
  async rotateKeys(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${this.keys.length}`;
    this.keys.unshift({ privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } });
    this.handler = new Provider(this.issuer, this.configuration()).callback();
  }

  /** A token as this provider never makes one, with its own key. A claim that is undefined is left out. */
  forged(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: this.issuer, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 300, groups: ['platform'] };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: this.key.jwk.kid ?? '' })
      .sign(this.key.privateKey);
  }

  /** A token of a program, by its client credentials. */
  async tokenOfPipeline(): Promise<string> {
    const { id, secret } = PIPELINE_CLIENT;
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`the provider gave no token: ${response.status}`);
    return token;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private get key(): Key {
    const [newest] = this.keys;
    if (newest === undefined) throw new Error('the provider has no key');
    return newest;
  }

  private configuration(): Configuration {
    return {
      jwks: { keys: this.keys.map(({ jwk }) => jwk) },
      cookies: { keys: ['a key of cookies in tests'] },
      scopes: ['openid', 'profile', 'email'],
      claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
      conformIdTokenClaims: false,
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, name: id, email: `${id}@example.com` }),
      }),
      extraTokenClaims: (_context, token) => {
        const id = 'accountId' in token ? token.accountId : undefined;
        return id === undefined ? undefined : { email: `${id}@example.com`, groups: GROUPS[id] ?? [] };
      },
      issueRefreshToken: (_context, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
      ttl: { DeviceCode: 600, Grant: 3_600, IdToken: 300, Interaction: 600, RefreshToken: 3_600, Session: 3_600 },
      features: {
        deviceFlow: { enabled: true },
        clientCredentials: { enabled: true },
        revocation: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => RESOURCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: '',
            audience: AUDIENCE,
            accessTokenTTL: this.tokenLifetime,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      clients: [
        {
          client_id: CLI_CLIENT,
          application_type: 'native',
          token_endpoint_auth_method: 'none',
          grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
          response_types: [],
          redirect_uris: [],
        },
        {
          client_id: BRIDGE_CLIENT.id,
          client_secret: BRIDGE_CLIENT.secret,
          token_endpoint_auth_method: 'client_secret_post',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [this.redirectUri],
        },
        {
          client_id: PIPELINE_CLIENT.id,
          client_secret: PIPELINE_CLIENT.secret,
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
        },
      ],
    };
  }
}
