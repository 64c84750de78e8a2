import type { AnswerOf, shipyardControllerApi } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';

export type ExplainedEvent = AnswerOf<typeof shipyardControllerApi.explainContext>['events'][number];

/** What follows from events: shipyard-controller. */
export class ShipyardController {
  private readonly call: Client<typeof shipyardControllerApi>;

  constructor(client: HttpClient) {
    this.call = createClient<typeof shipyardControllerApi>((request) =>
      client.json({ ...request, path: `/shipyard-controller${request.path}` }),
    );
  }

  /** Why what followed from the events of a Keptn context followed, and what they wait for. */
  async explain(keptnContext: string): Promise<ExplainedEvent[]> {
    return (await this.call('GET /v1/explanation/{keptnContext}', { parameters: { keptnContext } })).events;
  }
}
