import {
  type AnswerOf,
  type BodyOf,
  configurationApi,
  type ExpandedStage,
  type PageRequest,
  type ParametersOf,
} from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { AnswersJson, jsonArray, jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { StageService } from './stage.service';

const { createStage, deleteStage, getStage, listStages, updateStage } = configurationApi;

@UseGuards(ViewCurrentGuard)
@Controller()
export class StageController {
  constructor(private readonly stages: StageService) {}

  @Route(listStages)
  @AnswersJson()
  async list(
    @Param({ schema: listStages.parameters }) { project }: ParametersOf<typeof listStages>,
    @Query({ schema: listStages.query }) query: PageRequest,
  ): Promise<JsonText<AnswerOf<typeof listStages>>> {
    const page = await this.stages.list(project, query);
    return jsonObject<AnswerOf<typeof listStages>>({
      stages: jsonArray(page.items),
      ...jsonFields(pageAnswer(page, query)),
    });
  }

  @Route(getStage)
  @AnswersJson()
  get(
    @Param({ schema: getStage.parameters }) { project, stage }: ParametersOf<typeof getStage>,
  ): Promise<JsonText<ExpandedStage>> {
    return this.stages.get(project, stage);
  }

  @Route(createStage)
  async create(
    @Param({ schema: createStage.parameters }) { project }: ParametersOf<typeof createStage>,
    @Body({ schema: createStage.body }) { stageName }: BodyOf<typeof createStage>,
  ): Promise<void> {
    await this.stages.create(project, stageName);
  }

  @Route(updateStage)
  async update(
    @Param({ schema: updateStage.parameters }) { project, stage }: ParametersOf<typeof updateStage>,
    @Body({ schema: updateStage.body }) { stageName }: BodyOf<typeof updateStage>,
  ): Promise<void> {
    await this.stages.update(project, stage, stageName);
  }

  @Route(deleteStage)
  async delete(
    @Param({ schema: deleteStage.parameters }) { project, stage }: ParametersOf<typeof deleteStage>,
  ): Promise<void> {
    await this.stages.delete(project, stage);
  }
}
