import {
  type AnswerOf,
  type Board,
  type Projects,
  type QueryOf,
  type Run,
  type shipyardControllerApi,
} from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { boardOf } from './board';
import { pageKeyOf, positionIn } from './page-key';
import { ProjectNotFound } from './run.errors';
import { type RunRecord } from './run.schema';
import { RunStore } from './run.store';
import { ServiceStateStore } from './service-state.store';

type RunPage = Omit<AnswerOf<typeof shipyardControllerApi.listRuns>, 'position'>;
type ProblemPage = Omit<AnswerOf<typeof shipyardControllerApi.listProblems>, 'position'>;
type ApprovalPage = Omit<AnswerOf<typeof shipyardControllerApi.listOpenApprovals>, 'position'>;
type RunQuery = Omit<QueryOf<typeof shipyardControllerApi.listRuns>, 'notOlderThan'>;
type ProblemQuery = Omit<QueryOf<typeof shipyardControllerApi.listProblems>, 'notOlderThan'>;
type ApprovalQuery = Omit<QueryOf<typeof shipyardControllerApi.listOpenApprovals>, 'notOlderThan'>;

/** As many runs under way as a board of one project shows. */
const BOARD_RUNS = 1000;

/** What people look at. */
@Injectable()
export class RunService {
  constructor(
    private readonly runs: RunStore,
    private readonly states: ServiceStateStore,
    private readonly configuration: ConfigurationServiceClient,
  ) {}

  /**
   * @param visible the projects that the caller may see
   * @throws UnknownPageKey
   */
  async list({ pageSize, nextPageKey, state, ...search }: RunQuery, visible: Projects): Promise<RunPage> {
    const isOpen = state === undefined ? undefined : state === 'open';
    const found = await this.runs.search({ ...search, isOpen, visible, before: positionIn(nextPageKey) }, pageSize + 1);
    const page = found.slice(0, pageSize);
    return { runs: page.map(toRun), nextPageKey: pageKeyOf(page, found.length > pageSize) };
  }

  /**
   * @param visible the projects that the caller may see
   * @throws UnknownPageKey
   */
  async openApprovals(query: ApprovalQuery, visible: Projects): Promise<ApprovalPage> {
    const { pageSize, nextPageKey, ...location } = query;
    const search = { ...location, visible, awaitsApproval: true, before: positionIn(nextPageKey) } as const;
    const found = await this.runs.search(search, pageSize + 1);
    const page = found.slice(0, pageSize);
    return {
      approvals: page.flatMap(({ openApprovals }) => openApprovals).filter((approval) => isAt(location, approval)),
      nextPageKey: pageKeyOf(page, found.length > pageSize),
    };
  }

  /**
   * @param visible the projects that the caller may see
   * @throws UnknownPageKey
   */
  async problems({ pageSize, nextPageKey, state, ...location }: ProblemQuery, visible: Projects): Promise<ProblemPage> {
    const before = positionIn(nextPageKey);
    // A run with an open problem may have closed ones, too.
    const problemStates = state === 'open' ? (['open'] as const) : (['open', 'closed'] as const);
    const found = await this.runs.search({ ...location, visible, problemStates, before }, pageSize + 1);
    const page = found.slice(0, pageSize);
    return {
      problems: page
        .flatMap(problemsOf)
        .filter((problem) => isAt(location, problem) && (state === undefined || problem.state === state)),
      nextPageKey: pageKeyOf(page, found.length > pageSize),
    };
  }

  /** @throws ProjectNotFound */
  async board(project: string): Promise<Board> {
    const [found, states, open] = await Promise.all([
      this.configuration.project(project),
      this.states.ofProject(project),
      this.runs.search({ project, isOpen: true }, BOARD_RUNS),
    ]);
    if (found === undefined) throw new ProjectNotFound(project);
    return boardOf(project, found, states, open);
  }
}

interface Location {
  readonly project?: string | undefined;
  readonly stage?: string | undefined;
  readonly service?: string | undefined;
}

function isAt(location: Location, item: Required<Location>): boolean {
  return (['project', 'stage', 'service'] as const).every(
    (name) => location[name] === undefined || location[name] === item[name],
  );
}

function problemsOf({ _id: keptnContext, project, steps }: RunRecord): ProblemPage['problems'] {
  return steps.flatMap(({ stage, service, problem, state, action, result, message }) => {
    if (problem === undefined) return [];
    const isRemedied = state !== 'finished' || action !== undefined || result !== undefined || message !== undefined;
    return [
      {
        keptnContext,
        project,
        stage,
        service,
        ...problem,
        ...(isRemedied && { remediation: { state, action, result, message } }),
      },
    ];
  });
}

function toRun({
  _id,
  position: _p,
  lastSequence: _l,
  eventCount: _e,
  savedAt: _s,
  awaitsApproval: _a,
  problemState: _r,
  imageNames: _i,
  labelKeys: _k,
  ...run
}: RunRecord): Run {
  return { keptnContext: _id, ...run };
}
