import { api, type IdentityProvider } from '@keptn/api-models';
import { HttpClient, LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import * as openid from 'openid-client';
import { type Logger } from 'pino';
import { z } from 'zod';
import { type BridgeSettings } from '../settings';

/** How long the list of providers is taken as unchanged, in milliseconds: it changes with a restart of api-service. */
const LIST_MS = 60_000;

/** How long a provider has for an answer, in seconds. */
const TIMEOUT_S = 10;

const discovery = z.object({ issuer: z.string() }).catchall(z.json());

/** The providers that people can sign in with, as api-service lists them, and the client of each. */
@Injectable()
export class IdentityProviders implements OnApplicationShutdown {
  private readonly apiService: HttpClient;
  private readonly clients = new Map<string, Promise<openid.Configuration>>();
  private listed: readonly IdentityProvider[] = [];
  private listedUntil = 0;

  constructor(
    @Inject(SETTINGS) private readonly settings: BridgeSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.apiService = new HttpClient({ name: 'api-service', url: settings.API_SERVICE_URL, timeoutMs: 5_000 });
  }

  /** Those known before while api-service is away. */
  async list(): Promise<readonly IdentityProvider[]> {
    if (performance.now() < this.listedUntil) return this.listed;
    try {
      this.listed = await this.ask();
      this.listedUntil = performance.now() + LIST_MS;
    } catch (error) {
      this.logger.debug({ err: error }, 'identity providers are asked for later');
    }
    return this.listed;
  }

  /** Rejects when the provider cannot be reached; it is asked again the next time. */
  clientOf({ issuer, bridgeClientId }: IdentityProvider): Promise<openid.Configuration> {
    const known = this.clients.get(issuer);
    if (known !== undefined) return known;
    const client = this.discover(issuer, bridgeClientId).catch((error: unknown) => {
      this.clients.delete(issuer);
      throw error;
    });
    this.clients.set(issuer, client);
    return client;
  }

  onApplicationShutdown(): Promise<void> {
    return this.apiService.close();
  }

  private async ask(): Promise<readonly IdentityProvider[]> {
    const { method, path, answers } = api.listIdentityProviders;
    const { status, body } = await this.apiService.send({ method, path });
    if (status !== 200) throw new Error(`api-service answered ${status}`);
    return answers[200].body.parse(JSON.parse(body)).identityProviders;
  }

  /** OpenID Connect Discovery 1.0 section 4. A slash at the end of the issuer makes no difference, as for api-service. */
  private async discover(issuer: string, clientId: string): Promise<openid.Configuration> {
    const http = new HttpClient({ name: issuer, url: issuer, timeoutMs: TIMEOUT_S * 1_000 });
    try {
      const { body } = await http.send({ path: '/.well-known/openid-configuration' });
      const metadata = discovery.parse(JSON.parse(body));
      if (metadata.issuer.replace(/\/+$/, '') !== issuer) throw new Error(`the discovery document is not of ${issuer}`);
      const secret = this.settings.SIGN_IN_CLIENT_SECRETS[clientId];
      const client = new openid.Configuration(metadata, clientId, secret);
      client.timeout = TIMEOUT_S;
      if (issuer.startsWith('http:')) openid.allowInsecureRequests(client);
      return client;
    } finally {
      await http.close();
    }
  }
}
