import { api, type BodyOf, type Caller, type EventContext, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { CurrentCaller, requireScope, Route } from '@keptn/service-kit';
import { Body, Controller, HttpStatus, Param, Query, Res, UseInterceptors } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { ChannelHeadersInterceptor } from '../websocket/channel-headers.interceptor';
import { ProjectService } from './project.service';

const { createProject, deleteProject } = api;

@UseInterceptors(ChannelHeadersInterceptor)
@Controller()
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Route(createProject)
  async create(
    @Body({ schema: createProject.body }) body: BodyOf<typeof createProject>,
    @Query({ schema: createProject.query }) { dryRun }: QueryOf<typeof createProject>,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<EventContext | undefined> {
    requireScope(caller, 'project:write', body.name);
    if (dryRun !== 'true') {
      return await this.projects.create(body);
    }
    await this.projects.check(body);
    void reply.code(HttpStatus.NO_CONTENT);
    return undefined;
  }

  @Route(deleteProject)
  delete(
    @Param({ schema: deleteProject.parameters }) { project }: ParametersOf<typeof deleteProject>,
  ): Promise<EventContext> {
    return this.projects.delete(project);
  }
}
