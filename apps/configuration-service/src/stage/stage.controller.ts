import { type ProjectName, type StageName } from '@keptn/event-models';
import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, stageParameter } from '../domain/parameters.dto';
import { type ExpandedStage, expandedStage } from '../domain/read-models.dto';
import { AnswersJson, jsonArray, jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import {
  createStage,
  type CreateStage,
  expandedStages,
  type ExpandedStages,
  updateStage,
  type UpdateStage,
} from './stage.dto';
import { StageService } from './stage.service';

@ApiTags('Stages')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project/:project/stage')
export class StageController {
  constructor(private readonly stages: StageService) {}

  @Get()
  @AnswersJson()
  @ApiOperation({ summary: 'List the stages of a project with their services' })
  @ApiResponse({ status: 200, description: 'One page, in the order of the shipyard', standardSchema: expandedStages })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: 'Project not found' })
  async list(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<JsonText<ExpandedStages>> {
    const page = await this.stages.list(project, query);
    return jsonObject<ExpandedStages>({ stages: jsonArray(page.items), ...jsonFields(pageAnswer(page, query)) });
  }

  @Get(':stage')
  @AnswersJson()
  @ApiOperation({ summary: 'Get a stage with its services' })
  @ApiResponse({ status: 200, description: 'The stage', standardSchema: expandedStage })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, or Stage not found' })
  get(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
  ): Promise<JsonText<ExpandedStage>> {
    return this.stages.get(project, stage);
  }

  @Post()
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Create a stage',
    description: "Makes a branch that starts with what is on the project's branch now. The shipyard stays as it is.",
  })
  @ApiResponse({ status: 204, description: 'The stage exists' })
  @ApiErrors({ 400: 'The name is not valid', 404: 'Project not found', 409: 'Stage already exists' })
  async create(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Body({ schema: createStage }) { stageName }: CreateStage,
  ): Promise<void> {
    await this.stages.create(project, stageName);
  }

  @Put(':stage')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Update a stage',
    description: 'A stage has nothing to update but its name, which cannot change: nothing happens.',
  })
  @ApiResponse({ status: 204, description: 'The stage exists' })
  @ApiErrors({ 400: 'The stage cannot be renamed', 404: 'Project not found, or Stage not found' })
  async update(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
    @Body({ schema: updateStage }) request: UpdateStage,
  ): Promise<void> {
    await this.stages.update(project, stage, request);
  }

  @Delete(':stage')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Delete a stage',
    description: 'Deletes its branch with all services and resources in it. The shipyard stays as it is.',
  })
  @ApiResponse({ status: 204, description: 'The stage is deleted' })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, or Stage not found' })
  async delete(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
  ): Promise<void> {
    await this.stages.delete(project, stage);
  }
}
