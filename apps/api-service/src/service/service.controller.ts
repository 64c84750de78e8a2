import { api, type BodyOf, type EventContext, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, UseInterceptors } from '@nestjs/common';
import { ChannelHeadersInterceptor } from '../websocket/channel-headers.interceptor';
import { ServiceService } from './service.service';

const { createService, deleteService } = api;

@UseInterceptors(ChannelHeadersInterceptor)
@Controller()
export class ServiceController {
  constructor(private readonly services: ServiceService) {}

  @Route(createService)
  create(
    @Param({ schema: createService.parameters }) { project }: ParametersOf<typeof createService>,
    @Body({ schema: createService.body }) body: BodyOf<typeof createService>,
  ): Promise<EventContext> {
    return this.services.create(project, body);
  }

  @Route(deleteService)
  delete(
    @Param({ schema: deleteService.parameters }) { project, service }: ParametersOf<typeof deleteService>,
  ): Promise<EventContext> {
    return this.services.delete(project, service);
  }
}
