import { configurationApi, type HistoryPage, type HistoryQuery, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { branchScope } from '../resource/resource-scope';
import { HistoryService } from './history.service';

const { readProjectHistory, readServiceHistory, readStageHistory } = configurationApi;

@Controller()
export class HistoryController {
  constructor(private readonly histories: HistoryService) {}

  @Route(readProjectHistory)
  async ofProject(
    @Param({ schema: readProjectHistory.parameters }) names: ParametersOf<typeof readProjectHistory>,
    @Query({ schema: readProjectHistory.query }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(branchScope(names), query);
  }

  @Route(readStageHistory)
  async ofStage(
    @Param({ schema: readStageHistory.parameters }) names: ParametersOf<typeof readStageHistory>,
    @Query({ schema: readStageHistory.query }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(branchScope(names), query);
  }

  @Route(readServiceHistory)
  async ofService(
    @Param({ schema: readServiceHistory.parameters }) names: ParametersOf<typeof readServiceHistory>,
    @Query({ schema: readServiceHistory.query }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(branchScope(names), query);
  }
}
