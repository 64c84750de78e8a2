import { type EventContext, eventContext } from '@keptn/api-models';
import { type ProjectName, projectName, type ServiceName, serviceName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, Delete, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ChannelHeadersInterceptor } from '../websocket/channel-headers.interceptor';
import { type CreateService, createService } from './service.dto';
import { ServiceService } from './service.service';

@ApiTags('Services')
@UseInterceptors(ChannelHeadersInterceptor)
@Controller('v1/project/:projectName/service')
export class ServiceController {
  constructor(private readonly services: ServiceService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a service', description: 'It exists on every stage when this answers 200.' })
  @ApiResponse({ status: 200, description: 'The service is created', standardSchema: eventContext })
  @ApiErrors({
    400: 'The name, the chart or a strategy is not valid',
    404: 'No such project',
    409: 'A service of this name exists',
  })
  create(
    @Param('projectName', { schema: projectName }) project: ProjectName,
    @Body({ schema: createService }) body: CreateService,
  ): Promise<EventContext> {
    return this.services.create(project, body);
  }

  @Delete(':serviceName')
  @ApiOperation({ summary: 'Delete a service from every stage' })
  @ApiResponse({ status: 200, description: 'The service is deleted', standardSchema: eventContext })
  @ApiErrors({ 400: 'A name is not valid', 404: 'No such project or service' })
  delete(
    @Param('projectName', { schema: projectName }) project: ProjectName,
    @Param('serviceName', { schema: serviceName }) service: ServiceName,
  ): Promise<EventContext> {
    return this.services.delete(project, service);
  }
}
