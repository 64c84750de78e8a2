import {
  type AnswerOf,
  type BodyOf,
  configurationApi,
  type PageRequest,
  type ParametersOf,
  type ServiceWithStages,
} from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { ChartsInTurn } from '../resource/charts-in-turn.interceptor';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { ServiceService } from './service.service';

const { createService, deleteService, getService, listServices } = configurationApi;

/** Services in all stages of a project. */
@UseGuards(ViewCurrentGuard)
@Controller()
export class ProjectServiceController {
  constructor(private readonly services: ServiceService) {}

  @Route(listServices)
  async list(
    @Param({ schema: listServices.parameters }) { project }: ParametersOf<typeof listServices>,
    @Query({ schema: listServices.query }) query: PageRequest,
  ): Promise<AnswerOf<typeof listServices>> {
    const page = await this.services.list(project, query);
    return { services: [...page.items], ...pageAnswer(page, query) };
  }

  @Route(getService)
  get(
    @Param({ schema: getService.parameters }) { project, service }: ParametersOf<typeof getService>,
  ): Promise<ServiceWithStages> {
    return this.services.get(project, service);
  }

  @Route(createService)
  @UseInterceptors(ChartsInTurn)
  async create(
    @Param({ schema: createService.parameters }) { project }: ParametersOf<typeof createService>,
    @Body({ schema: createService.body }) request: BodyOf<typeof createService>,
  ): Promise<AnswerOf<typeof createService>> {
    return { stages: [...(await this.services.createInAllStages(project, request))] };
  }

  @Route(deleteService)
  async delete(
    @Param({ schema: deleteService.parameters }) { project, service }: ParametersOf<typeof deleteService>,
  ): Promise<AnswerOf<typeof deleteService>> {
    return { stages: [...(await this.services.deleteInAllStages(project, service))] };
  }
}
