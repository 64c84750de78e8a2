import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, serviceParameter, stageParameter } from '../domain/parameters.dto';
import { expandedService, type ExpandedService } from '../domain/read-models.dto';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import {
  createService,
  type CreateService,
  expandedServices,
  type ExpandedServices,
  updateService,
  type UpdateService,
} from './service.dto';
import { ServiceService } from './service.service';

@ApiTags('Services')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project/:project/stage/:stage/service')
export class StageServiceController {
  constructor(private readonly services: ServiceService) {}

  @Get()
  @ApiOperation({ summary: 'List the services of a stage' })
  @ApiResponse({ status: 200, description: 'One page, in the order of creation', standardSchema: expandedServices })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: 'Project not found, or Stage not found' })
  async list(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('stage', { schema: stageParameter }) stage: StageName,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<ExpandedServices> {
    const page = await this.services.listInStage(project, stage, query);
    return { services: [...page.items], ...pageAnswer(page, query) };
  }

  @Get(':service')
  @ApiOperation({ summary: 'Get a service of a stage' })
  @ApiResponse({ status: 200, description: 'The service', standardSchema: expandedService })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, Stage not found, or Service not found' })
  get(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
  ): Promise<ExpandedService> {
    return this.services.getInStage({ projectName, stageName, serviceName });
  }

  @Post()
  @HttpCode(204)
  @ApiInternalOperation({ summary: 'Create a service in one stage' })
  @ApiResponse({ status: 204, description: 'The service exists in the stage' })
  @ApiErrors({
    400: 'The name is not valid',
    404: 'Project not found, or Stage not found',
    409: 'Service already exists',
  })
  async create(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Body({ schema: createService }) { serviceName }: CreateService,
  ): Promise<void> {
    await this.services.createInStage({ projectName, stageName, serviceName });
  }

  @Put(':service')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Update a service',
    description: 'A service has nothing to update but its name, which cannot change: nothing happens.',
  })
  @ApiResponse({ status: 204, description: 'The service exists' })
  @ApiErrors({
    400: 'The service cannot be renamed',
    404: 'Project not found, Stage not found, or Service not found',
  })
  async update(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Body({ schema: updateService }) request: UpdateService,
  ): Promise<void> {
    await this.services.update({ projectName, stageName, serviceName }, request);
  }

  @Delete(':service')
  @HttpCode(204)
  @ApiInternalOperation({ summary: 'Delete a service from one stage', description: 'Deletes its folder there.' })
  @ApiResponse({ status: 204, description: 'The service is deleted from the stage' })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, Stage not found, or Service not found' })
  async delete(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
  ): Promise<void> {
    await this.services.deleteInStage({ projectName, stageName, serviceName });
  }
}
