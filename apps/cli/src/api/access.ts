import type { api, AuditEntry, IdentityProvider, Token } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';

/** Also of `@keptn/api-models`, whose values would load all contracts. */
const LINE_STREAM = 'application/x-ndjson';

export type NewToken = InputOf<typeof api.createToken>['body'];
export type AuditSearch = NonNullable<InputOf<typeof api.listAudit>['query']>;

/** A token with its text, which is shown this once. */
export type ShownToken = Token & { readonly token: string };

/** Who may do what, and who did: api-service. */
export class Access {
  private readonly call: Client<typeof api>;

  constructor(private readonly client: HttpClient) {
    this.call = createClient<typeof api>((request) => client.json(request));
  }

  /** With which people can sign in; asked without a token. */
  async identityProviders(): Promise<IdentityProvider[]> {
    return (await this.call('GET /v1/identity-provider')).identityProviders;
  }

  async tokens(): Promise<Token[]> {
    return (await this.call('GET /v1/token')).tokens;
  }

  createToken(token: NewToken): Promise<ShownToken> {
    return this.call('POST /v1/token', { body: token });
  }

  rotateToken(name: string, overlapSeconds: number): Promise<ShownToken & { readonly previousValidUntil: string }> {
    return this.call('POST /v1/token/{name}/rotate', { parameters: { name }, body: { overlapSeconds } });
  }

  async deleteToken(name: string): Promise<void> {
    await this.call('DELETE /v1/token/{name}', { parameters: { name } });
  }

  /** Everything that matches, as lines of JSON, in parts as they come in. */
  auditLines(query: AuditSearch): AsyncIterable<string> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const path = `/v1/audit?${new URLSearchParams(given).toString()}`;
    return this.client.stream({ method: 'GET', path, headers: { accept: LINE_STREAM } });
  }

  async audit(query: AuditSearch): Promise<AuditEntry[]> {
    return (await this.call('GET /v1/audit', { query })).entries;
  }
}
