import { type AnswerOf, type BodyOf, type ParametersOf, shipyardControllerApi } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { ApprovalService } from './approval.service';

const { decideApproval } = shipyardControllerApi;

/** Who decides when the request does not say. */
const UNNAMED = 'a client of the API';

@Controller()
export class ApprovalController {
  constructor(private readonly approvals: ApprovalService) {}

  @Route(decideApproval)
  async decide(
    @Param({ schema: decideApproval.parameters }) { eventId }: ParametersOf<typeof decideApproval>,
    @Body({ schema: decideApproval.body }) { result, decidedBy = UNNAMED }: BodyOf<typeof decideApproval>,
  ): Promise<AnswerOf<typeof decideApproval>> {
    return { eventId: await this.approvals.decide(eventId, { result, decidedBy }) };
  }
}
