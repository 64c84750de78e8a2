import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

interface Key {
  readonly kid: string;
  readonly publicJwk: object;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
}

/** As much of an OpenID provider as verifies tokens: discovery and keys. */
export class StandingProvider {
  private readonly keys: Key[] = [];
  isDown = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StandingProvider> {
    const server = createServer();
    const provider = new StandingProvider(server);
    server.on('request', ({ url }, response) => {
      if (provider.isDown) {
        response.destroy();
        return;
      }
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(
          url === '/jwks'
            ? { keys: provider.keys.map(({ publicJwk }) => publicJwk) }
            : { issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks` },
        ),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await provider.addKey();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The key that signs from now on; those before stay known. */
  async addKey(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = `key-${this.keys.length}`;
    this.keys.push({ kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } });
  }

  get publicJwk(): object {
    return this.keys[0]?.publicJwk ?? {};
  }

  /** @param claims a claim that is undefined is left out */
  async token(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const key = this.keys.at(-1);
    if (key === undefined) throw new Error('the provider has no key');
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ iss: this.issuer, aud: 'keptn', sub: 'ada', iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
