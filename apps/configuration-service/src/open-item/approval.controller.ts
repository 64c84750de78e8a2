import { type AnswerOf, type BodyOf, configurationApi, type PageRequest, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { APPROVALS, OpenItemService } from './open-item.service';

const { closeApproval, getApproval, listApprovals, openApproval } = configurationApi;

@UseGuards(ViewCurrentGuard)
@Controller()
export class ApprovalController {
  constructor(private readonly items: OpenItemService) {}

  @Route(listApprovals)
  async list(
    @Param({ schema: listApprovals.parameters }) scope: ParametersOf<typeof listApprovals>,
    @Query({ schema: listApprovals.query }) query: PageRequest,
  ): Promise<AnswerOf<typeof listApprovals>> {
    const page = await this.items.list(APPROVALS, scope, query);
    return { approvals: [...page.items], ...pageAnswer(page, query) };
  }

  @Route(openApproval)
  async open(
    @Param({ schema: openApproval.parameters }) scope: ParametersOf<typeof openApproval>,
    @Body({ schema: openApproval.body }) approval: BodyOf<typeof openApproval>,
  ): Promise<void> {
    await this.items.open(APPROVALS, scope, approval);
  }

  @Route(getApproval)
  get(
    @Param({ schema: getApproval.parameters }) { eventId, ...scope }: ParametersOf<typeof getApproval>,
  ): Promise<AnswerOf<typeof getApproval>> {
    return this.items.approval(scope, eventId);
  }

  @Route(closeApproval)
  async close(
    @Param({ schema: closeApproval.parameters }) { eventId, ...scope }: ParametersOf<typeof closeApproval>,
  ): Promise<void> {
    await this.items.close(APPROVALS, scope, eventId);
  }
}
