import { type AnswerOf, type Caller, type ParametersOf, type QueryOf, shipyardControllerApi } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { ProjectHealthService } from './project-health.service';
import { RunService } from './run.service';
import { Runs } from './runs';

const { getBoard, listOpenApprovals, listProjectHealth, listRuns, rebuildRuns } = shipyardControllerApi;

@Controller()
export class RunController {
  constructor(
    private readonly service: RunService,
    private readonly runs: Runs,
    private readonly health: ProjectHealthService,
  ) {}

  @Route(listRuns)
  list(
    @Query({ schema: listRuns.query }) query: QueryOf<typeof listRuns>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listRuns>> {
    return this.service.list(query, caller.projectsWith('event:read'));
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
    return this.service.openApprovals(query, caller.projectsWith('event:read'));
  }

  @Route(listProjectHealth)
  projects(
    @Query({ schema: listProjectHealth.query }) query: QueryOf<typeof listProjectHealth>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof listProjectHealth>> {
    return this.health.list(query, (project) => caller.may('event:read', project));
  }

  @Route(getBoard)
  board(
    @Param({ schema: getBoard.parameters }) { project }: ParametersOf<typeof getBoard>,
  ): Promise<AnswerOf<typeof getBoard>> {
    return this.service.board(project);
  }
}
