import { type AnswerOf, type BodyOf, configurationApi, type PageRequest, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { OpenItemService, REMEDIATIONS } from './open-item.service';

const { closeRemediations, listRemediations, listRemediationsOfContext, openRemediation } = configurationApi;

@UseGuards(ViewCurrentGuard)
@Controller()
export class RemediationController {
  constructor(private readonly items: OpenItemService) {}

  @Route(listRemediations)
  async list(
    @Param({ schema: listRemediations.parameters }) scope: ParametersOf<typeof listRemediations>,
    @Query({ schema: listRemediations.query }) query: PageRequest,
  ): Promise<AnswerOf<typeof listRemediations>> {
    const page = await this.items.list(REMEDIATIONS, scope, query);
    return { remediations: [...page.items], ...pageAnswer(page, query) };
  }

  @Route(openRemediation)
  async open(
    @Param({ schema: openRemediation.parameters }) scope: ParametersOf<typeof openRemediation>,
    @Body({ schema: openRemediation.body }) remediation: BodyOf<typeof openRemediation>,
  ): Promise<void> {
    await this.items.open(REMEDIATIONS, scope, remediation);
  }

  @Route(listRemediationsOfContext)
  async listOfContext(
    @Param({ schema: listRemediationsOfContext.parameters })
    { keptnContext, ...scope }: ParametersOf<typeof listRemediationsOfContext>,
    @Query({ schema: listRemediationsOfContext.query }) query: PageRequest,
  ): Promise<AnswerOf<typeof listRemediationsOfContext>> {
    const page = await this.items.list(REMEDIATIONS, scope, query, keptnContext);
    return { remediations: [...page.items], ...pageAnswer(page, query) };
  }

  @Route(closeRemediations)
  async close(
    @Param({ schema: closeRemediations.parameters })
    { keptnContext, ...scope }: ParametersOf<typeof closeRemediations>,
  ): Promise<void> {
    await this.items.close(REMEDIATIONS, scope, keptnContext);
  }
}
