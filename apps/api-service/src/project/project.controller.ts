import { type EventContext, eventContext, type ProjectName, projectName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type CreateProject, createProject } from './project.dto';
import { ProjectService } from './project.service';

@ApiTags('project')
@Controller('v1/project')
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Creates a project',
    description: 'The project and its stages exist when this answers 200.',
  })
  @ApiResponse({ status: 200, description: 'The project is created', standardSchema: eventContext })
  @ApiErrors({ 400: 'The name or the shipyard is not valid', 409: 'A project of this name exists' })
  create(@Body({ schema: createProject }) body: CreateProject): Promise<EventContext> {
    return this.projects.create(body);
  }

  @Delete(':projectName')
  @ApiOperation({ summary: 'Deletes a project, its resources and its events' })
  @ApiResponse({ status: 200, description: 'The project is deleted', standardSchema: eventContext })
  @ApiErrors({ 400: 'The name is not valid', 404: 'No such project' })
  delete(@Param('projectName', { schema: projectName }) project: ProjectName): Promise<EventContext> {
    return this.projects.delete(project);
  }
}
