import type { api, EventContext } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type BridgeCredentials, type Metadata } from './answers';
import { type HttpClient } from './http-client';
import { path } from './path';
import { requiredBody } from './required-body';

export type NewProject = InputOf<typeof api.createProject>['body'];

export interface NewService {
  readonly serviceName: string;
  /** Base64 of a .tgz. */
  readonly helmChart?: string | undefined;
  readonly deploymentStrategies?: Readonly<Record<string, string>> | undefined;
}

export interface EvaluationRequest {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The public verbs: api-service (contract 3). */
export class ControlPlane {
  private readonly call: Client<typeof api>;
  /** For requests that change nothing, whatever their method. */
  private readonly ask: Client<typeof api>;

  constructor(private readonly client: HttpClient) {
    this.call = createClient<typeof api>((request) => client.json(request));
    this.ask = createClient<typeof api>((request) => client.json({ ...request, changesNothing: true }));
  }

  /** @throws Refusal when the token is not accepted */
  async authenticate(): Promise<void> {
    await this.client.send({ method: 'POST', path: '/v1/auth', changesNothing: true });
  }

  async metadata(): Promise<Metadata> {
    // A server of 0.7.3 answers null when it cannot read its Bridge.
    return (await this.client.json<Metadata | null>({ method: 'GET', path: '/v1/metadata' })) ?? {};
  }

  /** @throws Failure when the server answers as it does to a dry run */
  async createProject(project: NewProject): Promise<EventContext> {
    return requiredBody(await this.call('POST /v1/project', { body: project }));
  }

  /** @throws Refusal for every reason for which the creation would be refused */
  async checkProject(project: NewProject): Promise<void> {
    await this.ask('POST /v1/project', { query: { dryRun: 'true' }, body: project });
  }

  deleteProject(project: string): Promise<EventContext> {
    return this.call('DELETE /v1/project/{project}', { parameters: { project } });
  }

  createService(project: string, service: NewService): Promise<EventContext> {
    return this.client.json({ method: 'POST', path: path`/v1/project/${project}/service`, body: service });
  }

  deleteService(project: string, service: string): Promise<EventContext> {
    return this.client.json({ method: 'DELETE', path: path`/v1/project/${project}/service/${service}` });
  }

  /**
   * @param event a CloudEvent; text is sent as it is
   * @param idempotencyKey a repeat with the same key is not a new event
   */
  sendEvent(event: string | object, idempotencyKey?: string): Promise<EventContext> {
    return this.client.json({
      method: 'POST',
      path: '/v1/event',
      body: event,
      ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
    });
  }

  startEvaluation(scope: { project: string; stage: string; service: string }, request: EvaluationRequest) {
    return this.client.json<EventContext>({
      method: 'POST',
      path: path`/v1/project/${scope.project}/stage/${scope.stage}/service/${scope.service}/evaluation`,
      body: request,
    });
  }

  bridgeCredentials(): Promise<BridgeCredentials> {
    return this.client.json({ method: 'GET', path: '/v1/config/bridge' });
  }

  async setBridgeCredentials(credentials: BridgeCredentials): Promise<void> {
    await this.client.json({ method: 'POST', path: '/v1/config/bridge', body: credentials });
  }
}
