import type { AnswerOf, OpenApproval, Run, shipyardControllerApi } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';
import { NO_FURTHER_PAGE } from './pages';

type RunSearch = NonNullable<InputOf<typeof shipyardControllerApi.listRuns>['query']>;
export type ExplainedEvent = AnswerOf<typeof shipyardControllerApi.explainContext>['events'][number];
type Location = Pick<RunSearch, 'project' | 'service' | 'stage'>;
export type ApprovalDecision = InputOf<typeof shipyardControllerApi.decideApproval>['body'];

/** The largest page that shipyard-controller gives. */
const PAGE_SIZE = 100;

/** What is under way, what it waits for, and decisions on it: shipyard-controller. */
export class ShipyardController {
  private readonly call: Client<typeof shipyardControllerApi>;

  constructor(client: HttpClient) {
    this.call = createClient<typeof shipyardControllerApi>((request) =>
      client.json({ ...request, path: `/shipyard-controller${request.path}` }),
    );
  }

  /** The newest runs first, at most as many as `limit`. */
  async runs(search: RunSearch, limit: number): Promise<Run[]> {
    const runs: Run[] = [];
    let nextPageKey: string | undefined;
    do {
      const pageSize = String(Math.min(limit - runs.length, PAGE_SIZE));
      const page = await this.call('GET /v1/run', { query: { ...search, pageSize, nextPageKey } });
      runs.push(...page.runs);
      nextPageKey = page.nextPageKey;
    } while (runs.length < limit && !NO_FURTHER_PAGE.has(nextPageKey));
    return runs;
  }

  async openApprovals(location: Location): Promise<OpenApproval[]> {
    const approvals: OpenApproval[] = [];
    let nextPageKey: string | undefined;
    do {
      const page = await this.call('GET /v1/approval', {
        query: { ...location, pageSize: String(PAGE_SIZE), nextPageKey },
      });
      approvals.push(...page.approvals);
      nextPageKey = page.nextPageKey;
    } while (!NO_FURTHER_PAGE.has(nextPageKey));
    return approvals;
  }

  /** @returns the id of the approval.finished event */
  async decide(eventId: string, decision: ApprovalDecision): Promise<string> {
    const { eventId: finished } = await this.call('POST /v1/approval/{eventId}', {
      parameters: { eventId },
      body: decision,
    });
    return finished;
  }

  /** Why what followed from the events of a Keptn context followed, and what they wait for. */
  async explain(keptnContext: string): Promise<ExplainedEvent[]> {
    return (await this.call('GET /v1/explanation/{keptnContext}', { parameters: { keptnContext } })).events;
  }
}
