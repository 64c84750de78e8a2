import type { api, AuditEntry, Token } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';

export type NewToken = InputOf<typeof api.createToken>['body'];
export type AuditSearch = NonNullable<InputOf<typeof api.listAudit>['query']>;

/** A token with its text, which is shown this once. */
export type ShownToken = Token & { readonly token: string };

/** Who may do what, and who did: api-service. */
export class Access {
  private readonly call: Client<typeof api>;

  constructor(client: HttpClient) {
    this.call = createClient<typeof api>((request) => client.json(request));
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

  async audit(query: AuditSearch): Promise<AuditEntry[]> {
    return (await this.call('GET /v1/audit', { query })).entries;
  }
}
