import { type AnswerOf, type Caller, type ParametersOf, type QueryOf, shipyardControllerApi } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { ProjectHealthService } from './project-health.service';
import { ReadPosition } from './read-position';
import { RunService } from './run.service';
import { Runs } from './runs';

const { getBoard, listOpenApprovals, listProblems, listProjectHealth, listRuns, rebuildRuns } = shipyardControllerApi;

/** What is asked for may have to be as new as something that the caller has seen in the log. */
type Following<Query extends object> = Query & { readonly notOlderThan?: number | undefined };

@Controller()
export class RunController {
  constructor(
    private readonly service: RunService,
    private readonly runs: Runs,
    private readonly health: ProjectHealthService,
    private readonly position: ReadPosition,
  ) {}

  @Route(listRuns)
  list(
    @Query({ schema: listRuns.query }) query: QueryOf<typeof listRuns>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listRuns>> {
    return this.following(query, (rest) => this.service.list(rest, caller.projectsWith('event:read')));
  }

  @Route(rebuildRuns)
  async rebuild(): Promise<AnswerOf<typeof rebuildRuns>> {
    return { runs: await this.runs.rebuild() };
  }

  @Route(listOpenApprovals)
  openApprovals(
    @Query({ schema: listOpenApprovals.query }) query: QueryOf<typeof listOpenApprovals>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listOpenApprovals>> {
    return this.following(query, (rest) => this.service.openApprovals(rest, caller.projectsWith('event:read')));
  }

  @Route(listProblems)
  problems(
    @Query({ schema: listProblems.query }) query: QueryOf<typeof listProblems>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listProblems>> {
    return this.following(query, (rest) => this.service.problems(rest, caller.projectsWith('event:read')));
  }

  @Route(listProjectHealth)
  projects(
    @Query({ schema: listProjectHealth.query }) query: QueryOf<typeof listProjectHealth>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listProjectHealth>> {
    return this.following(query, (rest) => this.health.list(rest, (project) => caller.may('event:read', project)));
  }

  @Route(getBoard)
  board(
    @Param({ schema: getBoard.parameters }) { project }: ParametersOf<typeof getBoard>,
    @Query({ schema: getBoard.query }) query: QueryOf<typeof getBoard>,
  ): Promise<AnswerOf<typeof getBoard>> {
    return this.following(query, () => this.service.board(project));
  }

  private async following<Query extends object, Answer>(
    { notOlderThan, ...query }: Following<Query>,
    read: (query: Omit<Following<Query>, 'notOlderThan'>) => Promise<Answer>,
  ): Promise<Answer & { position: number }> {
    const position = await this.position.reach(notOlderThan);
    return { ...(await read(query)), position };
  }
}
