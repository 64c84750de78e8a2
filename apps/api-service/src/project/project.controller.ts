import { type EventContext, eventContext, type ProjectName, projectName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import {
  Body,
  Controller,
  Delete,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ChannelHeadersInterceptor } from '../websocket/channel-headers.interceptor';
import { type CreateProject, createProject, type CreateProjectQuery, createProjectQuery } from './project.dto';
import { ProjectService } from './project.service';

@ApiTags('Projects')
@UseInterceptors(ChannelHeadersInterceptor)
@Controller('v1/project')
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Create a project',
    description: 'The project and its stages exist when this answers 200.',
  })
  @ApiResponse({ status: 200, description: 'The project is created', standardSchema: eventContext })
  @ApiResponse({ status: 204, description: 'With dryRun: the project could be created' })
  @ApiErrors({
    400: 'The name, the shipyard or the upstream repository cannot be used',
    409: 'A project of this name exists',
  })
  async create(
    @Body({ schema: createProject }) body: CreateProject,
    @Query({ schema: createProjectQuery }) { dryRun }: CreateProjectQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventContext | undefined> {
    if (dryRun !== 'true') {
      return await this.projects.create(body);
    }
    await this.projects.check(body);
    void reply.code(HttpStatus.NO_CONTENT);
    return undefined;
  }

  @Delete(':projectName')
  @ApiOperation({ summary: 'Delete a project, its resources and its events' })
  @ApiResponse({ status: 200, description: 'The project is deleted', standardSchema: eventContext })
  @ApiErrors({ 400: 'The name is not valid', 404: 'No such project' })
  delete(@Param('projectName', { schema: projectName }) project: ProjectName): Promise<EventContext> {
    return this.projects.delete(project);
  }
}
