import { type ProjectName } from '@keptn/event-models';
import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter } from '../domain/parameters.dto';
import { AnswersJson, jsonArray, jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import {
  createProject,
  type CreateProject,
  createProjectQuery,
  type CreateProjectQuery,
  expandedProject,
  type ExpandedProject,
  expandedProjects,
  type ExpandedProjects,
  updateProject,
  type UpdateProject,
} from './project.dto';
import { ProjectService } from './project.service';

@ApiTags('Projects')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project')
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Get()
  @AnswersJson()
  @ApiOperation({ summary: 'List the projects with their stages and services' })
  @ApiResponse({ status: 200, description: 'One page, in the order of creation', standardSchema: expandedProjects })
  @ApiErrors({ 400: 'pageSize or nextPageKey is not valid' })
  async list(@Query({ schema: pageQuery }) query: PageRequest): Promise<JsonText<ExpandedProjects>> {
    const page = await this.projects.list(query);
    return jsonObject<ExpandedProjects>({ projects: jsonArray(page.items), ...jsonFields(pageAnswer(page, query)) });
  }

  @Get(':project')
  @AnswersJson()
  @ApiOperation({ summary: 'Get a project with its stages and services' })
  @ApiResponse({ status: 200, description: 'The project', standardSchema: expandedProject })
  @ApiErrors({ 400: 'The name is not valid', 404: 'Project not found' })
  get(@Param('project', { schema: projectParameter }) project: ProjectName): Promise<JsonText<ExpandedProject>> {
    return this.projects.get(project);
  }

  @Post()
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Create a project',
    description:
      'Makes the Git repository, and with a shipyard also shipyard.yaml and a branch for each stage, as one step. With an ' +
      'upstream repository, what is in it becomes the content of the project: its branches become stages, and its ' +
      'shipyard.yaml counts when none is given.',
  })
  @ApiResponse({ status: 204, description: 'The project exists' })
  @ApiErrors({
    400: 'The name, the shipyard or the upstream repository cannot be used; the message says why',
    409: 'Project already exists',
  })
  async create(
    @Body({ schema: createProject }) request: CreateProject,
    @Query({ schema: createProjectQuery }) { dryRun }: CreateProjectQuery,
  ): Promise<void> {
    await (dryRun === 'true' ? this.projects.check(request) : this.projects.create(request));
  }

  @Put(':project')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Update a project',
    description:
      'Sets or changes the upstream repository, after a test; what is left out stays. An empty gitRemoteURI removes it.',
  })
  @ApiResponse({ status: 204, description: 'The project is updated' })
  @ApiErrors({
    400: 'Project not updated as Git credentials were missing, or the upstream repository cannot be used',
    404: 'Project not found',
  })
  async update(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Body({ schema: updateProject }) request: UpdateProject,
  ): Promise<void> {
    await this.projects.update(project, request);
  }

  @Delete(':project')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Delete a project',
    description: 'Deletes its repository with all resources and their history.',
  })
  @ApiResponse({ status: 204, description: 'The project is deleted' })
  @ApiErrors({ 400: 'The name is not valid', 404: 'Project not found' })
  async delete(@Param('project', { schema: projectParameter }) project: ProjectName): Promise<void> {
    await this.projects.delete(project);
  }
}
