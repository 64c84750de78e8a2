import type { AnswerOf, api, BridgeCredentials, EventContext, SystemState } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';
import { requiredBody } from './required-body';

export type NewProject = InputOf<typeof api.createProject>['body'];

export type NewService = InputOf<typeof api.createService>['body'];

type Evaluation = Required<InputOf<typeof api.startEvaluation>>;

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
    await this.ask('POST /v1/auth');
  }

  async metadata(): Promise<Partial<AnswerOf<typeof api.getMetadata>>> {
    // A server of 0.7.3 answers null when it cannot read its Bridge.
    return { ...(await this.call('GET /v1/metadata')) };
  }

  systemState(): Promise<SystemState> {
    return this.call('GET /v1/system');
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
    return this.call('POST /v1/project/{project}/service', { parameters: { project }, body: service });
  }

  deleteService(project: string, service: string): Promise<EventContext> {
    return this.call('DELETE /v1/project/{project}/service/{service}', { parameters: { project, service } });
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

  /** @param idempotencyKey a repeat with the same key starts nothing new */
  startEvaluation(
    parameters: Evaluation['parameters'],
    body: Evaluation['body'],
    idempotencyKey?: string,
  ): Promise<EventContext> {
    return this.call('POST /v1/project/{project}/stage/{stage}/service/{service}/evaluation', {
      parameters,
      body,
      ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
    });
  }

  bridgeCredentials(): Promise<BridgeCredentials> {
    return this.call('GET /v1/config/bridge');
  }

  async setBridgeCredentials(credentials: BridgeCredentials): Promise<void> {
    await this.call('POST /v1/config/bridge', { body: credentials });
  }
}
