import type { AnswerOf, EvaluationReport, lighthouseServiceApi } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';

export type EvaluatedNames = InputOf<typeof lighthouseServiceApi.listEvaluations>['parameters'];
export type PreviewedEvaluations = AnswerOf<typeof lighthouseServiceApi.previewEvaluations>;

const LARGEST_PAGE = 50;

/** What came of evaluations: lighthouse-service. */
export class Lighthouse {
  private readonly call: Client<typeof lighthouseServiceApi>;
  /** For requests that change nothing, whatever their method. */
  private readonly ask: Client<typeof lighthouseServiceApi>;

  constructor(client: HttpClient) {
    const root = '/lighthouse-service';
    this.call = createClient<typeof lighthouseServiceApi>((request) =>
      client.json({ ...request, path: root + request.path }),
    );
    this.ask = createClient<typeof lighthouseServiceApi>((request) =>
      client.json({ ...request, path: root + request.path, changesNothing: true }),
    );
  }

  /** @param id of the event evaluation-done */
  evaluation(id: string): Promise<EvaluationReport> {
    return this.call('GET /v1/evaluation/{eventId}', { parameters: { eventId: id } });
  }

  /** The latest evaluations of a service, newest first. */
  async evaluations(parameters: EvaluatedNames, limit: number): Promise<EvaluationReport[]> {
    const found: EvaluationReport[] = [];
    let nextPageKey: string | undefined;
    do {
      const pageSize = String(Math.min(LARGEST_PAGE, limit - found.length));
      const page = await this.call('GET /v1/project/{project}/stage/{stage}/service/{service}/evaluation', {
        parameters,
        query: { pageSize, nextPageKey },
      });
      found.push(...page.evaluations);
      nextPageKey = page.nextPageKey;
    } while (nextPageKey !== undefined && found.length < limit);
    return found;
  }

  /** @returns id of the event that says so */
  async invalidate(id: string, reason: string): Promise<string> {
    const input = { parameters: { eventId: id }, body: { reason } };
    return (await this.call('POST /v1/evaluation/{eventId}/invalidation', input)).eventId;
  }

  /** @returns id of the event that says so */
  async revalidate(id: string, reason: string): Promise<string> {
    const input = { parameters: { eventId: id }, body: { reason } };
    return (await this.call('POST /v1/evaluation/{eventId}/revalidation', input)).eventId;
  }

  /** @param slo text of an SLO file */
  preview(parameters: EvaluatedNames, slo: string, last: number): Promise<PreviewedEvaluations> {
    const body = { slo, last };
    return this.ask('POST /v1/project/{project}/stage/{stage}/service/{service}/evaluation/preview', {
      parameters,
      body,
    });
  }
}
