import { type AnswerOf, type ParametersOf, type QueryOf, shipyardControllerApi } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { RunService } from './run.service';
import { Runs } from './runs';

const { getBoard, listOpenApprovals, listRuns, rebuildRuns } = shipyardControllerApi;

@Controller()
export class RunController {
  constructor(
    private readonly service: RunService,
    private readonly runs: Runs,
  ) {}

  @Route(listRuns)
  list(@Query({ schema: listRuns.query }) query: QueryOf<typeof listRuns>): Promise<AnswerOf<typeof listRuns>> {
    return this.service.list(query);
  }

  @Route(rebuildRuns)
  async rebuild(): Promise<AnswerOf<typeof rebuildRuns>> {
    return { runs: await this.runs.rebuild() };
  }

  @Route(listOpenApprovals)
  openApprovals(
    @Query({ schema: listOpenApprovals.query }) query: QueryOf<typeof listOpenApprovals>,
  ): Promise<AnswerOf<typeof listOpenApprovals>> {
    return this.service.openApprovals(query);
  }

  @Route(getBoard)
  board(
    @Param({ schema: getBoard.parameters }) { project }: ParametersOf<typeof getBoard>,
  ): Promise<AnswerOf<typeof getBoard>> {
    return this.service.board(project);
  }
}
