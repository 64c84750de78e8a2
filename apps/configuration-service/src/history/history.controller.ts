import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { applyDecorators, Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, serviceParameter, stageParameter } from '../domain/parameters.dto';
import { ofProject, ofService, ofStage } from '../resource/resource-scope';
import { historyPage, type HistoryPage, historyQuery, type HistoryQuery } from './history.dto';
import { HistoryService } from './history.service';

const ApiReadHistory = (of: string, missing: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: `Read the history of ${of}`,
      description: 'The commits that changed a resource, or any of them: who, when and why. A merge counts as one.',
    }),
    ApiResponse({ status: 200, description: 'One page', standardSchema: historyPage }),
    ApiErrors({
      400: 'A name, resourceURI, pageSize or nextPageKey is not valid',
      404: `${missing}, there never was such a resource, or nextPageKey names no commit`,
    }),
  );

@ApiTags('History of resources')
@Controller('v1/project/:project')
export class HistoryController {
  constructor(private readonly histories: HistoryService) {}

  @Get('history')
  @ApiReadHistory("a project's resources", 'Project not found')
  async ofProject(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Query({ schema: historyQuery }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(ofProject(project), query);
  }

  @Get('stage/:stage/history')
  @ApiReadHistory("a stage's resources", 'Project not found, Stage not found')
  async ofStage(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
    @Query({ schema: historyQuery }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(ofStage(project, stage), query);
  }

  @Get('stage/:stage/service/:service/history')
  @ApiReadHistory("a service's resources in a stage", 'Project not found, Stage not found, Service not found')
  async ofService(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @Query({ schema: historyQuery }) query: HistoryQuery,
  ): Promise<HistoryPage> {
    return await this.histories.read(ofService(project, stage, service), query);
  }
}
