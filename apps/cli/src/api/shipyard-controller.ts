import type { AnswerOf, OpenApproval, ProblemReport, Run, shipyardControllerApi } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';
import { NO_FURTHER_PAGE } from './pages';

type RunSearch = NonNullable<InputOf<typeof shipyardControllerApi.listRuns>['query']>;
type ProblemSearch = NonNullable<InputOf<typeof shipyardControllerApi.listProblems>['query']>;
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
  runs(search: RunSearch, limit: number): Promise<Run[]> {
    return newest(limit, async (page) => {
      const { runs, nextPageKey } = await this.call('GET /v1/run', { query: { ...search, ...page } });
      return { items: runs, nextPageKey };
    });
  }

  /** Those of the newest runs first, at most as many as `limit`. */
  problems(search: ProblemSearch, limit: number): Promise<ProblemReport[]> {
    return newest(limit, async (page) => {
      const { problems, nextPageKey } = await this.call('GET /v1/problem', { query: { ...search, ...page } });
      return { items: problems, nextPageKey };
    });
  }

  openApprovals(location: Location): Promise<OpenApproval[]> {
    return newest(Infinity, async (page) => {
      const { approvals, nextPageKey } = await this.call('GET /v1/approval', { query: { ...location, ...page } });
      return { items: approvals, nextPageKey };
    });
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

interface PageQuery {
  readonly pageSize: string;
  readonly nextPageKey: string | undefined;
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly nextPageKey: string;
}

/** The first items of a list, page by page. */
async function newest<Item>(limit: number, read: (page: PageQuery) => Promise<PageOf<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let nextPageKey: string | undefined;
  do {
    const page = await read({ pageSize: String(Math.min(limit - items.length, PAGE_SIZE)), nextPageKey });
    items.push(...page.items);
    nextPageKey = page.nextPageKey;
  } while (items.length < limit && !NO_FURTHER_PAGE.has(nextPageKey));
  // A run may bring several items.
  return items.slice(0, limit);
}
