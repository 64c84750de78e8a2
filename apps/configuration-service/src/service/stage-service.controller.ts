import {
  type AnswerOf,
  type BodyOf,
  configurationApi,
  type ExpandedService,
  type PageRequest,
  type ParametersOf,
} from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { ServiceService } from './service.service';

const { createServiceInStage, deleteServiceFromStage, getServiceOfStage, listServicesOfStage, updateServiceOfStage } =
  configurationApi;

/** Services in one stage. */
@UseGuards(ViewCurrentGuard)
@Controller()
export class StageServiceController {
  constructor(private readonly services: ServiceService) {}

  @Route(listServicesOfStage)
  async list(
    @Param({ schema: listServicesOfStage.parameters }) { project, stage }: ParametersOf<typeof listServicesOfStage>,
    @Query({ schema: listServicesOfStage.query }) query: PageRequest,
  ): Promise<AnswerOf<typeof listServicesOfStage>> {
    const page = await this.services.listInStage(project, stage, query);
    return { services: [...page.items], ...pageAnswer(page, query) };
  }

  @Route(getServiceOfStage)
  get(
    @Param({ schema: getServiceOfStage.parameters }) scope: ParametersOf<typeof getServiceOfStage>,
  ): Promise<ExpandedService> {
    return this.services.getInStage(scope);
  }

  @Route(createServiceInStage)
  async create(
    @Param({ schema: createServiceInStage.parameters }) scope: ParametersOf<typeof createServiceInStage>,
    @Body({ schema: createServiceInStage.body }) { serviceName }: BodyOf<typeof createServiceInStage>,
  ): Promise<void> {
    await this.services.createInStage({ ...scope, service: serviceName });
  }

  @Route(updateServiceOfStage)
  async update(
    @Param({ schema: updateServiceOfStage.parameters }) scope: ParametersOf<typeof updateServiceOfStage>,
    @Body({ schema: updateServiceOfStage.body }) { serviceName }: BodyOf<typeof updateServiceOfStage>,
  ): Promise<void> {
    await this.services.update(scope, serviceName);
  }

  @Route(deleteServiceFromStage)
  async delete(
    @Param({ schema: deleteServiceFromStage.parameters }) scope: ParametersOf<typeof deleteServiceFromStage>,
  ): Promise<void> {
    await this.services.deleteInStage(scope);
  }
}
