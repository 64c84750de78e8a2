import { type ProjectName, type ServiceName } from '@keptn/event-models';
import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, serviceParameter } from '../domain/parameters.dto';
import { serviceWithStages, type ServiceWithStages } from '../domain/read-models.dto';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import {
  changedStages,
  type ChangedStages,
  createServiceInAllStages,
  type CreateServiceInAllStages,
  servicesWithStages,
  type ServicesWithStages,
} from './service.dto';
import { ServiceService } from './service.service';

@ApiTags('Services')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project/:project/service')
export class ProjectServiceController {
  constructor(private readonly services: ServiceService) {}

  @Get()
  @ApiOperation({ summary: 'List the services of a project, each with its stages' })
  @ApiResponse({ status: 200, description: 'One page, in the order of creation', standardSchema: servicesWithStages })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: 'Project not found' })
  async list(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<ServicesWithStages> {
    const page = await this.services.list(project, query);
    return { services: [...page.items], ...pageAnswer(page, query) };
  }

  @Get(':service')
  @ApiOperation({ summary: 'Get a service with its stages' })
  @ApiResponse({ status: 200, description: 'The service', standardSchema: serviceWithStages })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, or Service not found' })
  get(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
  ): Promise<ServiceWithStages> {
    return this.services.get(project, service);
  }

  @Post()
  @HttpCode(200)
  @ApiInternalOperation({
    summary: 'Create a service in all stages',
    description: 'Makes the service, with its first resources, on the branches of all stages as one step.',
  })
  @ApiResponse({ status: 200, description: 'The service exists in all stages', standardSchema: changedStages })
  @ApiErrors({
    400: 'The name or a resource is not valid; the message names it',
    404: 'Project not found',
    409: 'Service already exists in a stage, or the project has no stages',
  })
  async create(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Body({ schema: createServiceInAllStages }) request: CreateServiceInAllStages,
  ): Promise<ChangedStages> {
    return { stages: [...(await this.services.createInAllStages(project, request))] };
  }

  @Delete(':service')
  @ApiInternalOperation({
    summary: 'Delete a service from all stages',
    description: 'Deletes its folders from the branches of all stages as one step.',
  })
  @ApiResponse({ status: 200, description: 'The service is deleted', standardSchema: changedStages })
  @ApiErrors({ 400: 'A name is not valid', 404: 'Project not found, or Service not found' })
  async delete(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
  ): Promise<ChangedStages> {
    return { stages: [...(await this.services.deleteInAllStages(project, service))] };
  }
}
