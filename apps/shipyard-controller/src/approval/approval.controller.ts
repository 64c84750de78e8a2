import { type AnswerOf, type BodyOf, type Caller, type ParametersOf, shipyardControllerApi } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
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
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof decideApproval>> {
    // Whoever is known by name decides in no other.
    const decision = { result, decidedBy: caller.isNamed ? caller.name : decidedBy };
    return { eventId: await this.approvals.decide(eventId, decision, caller) };
  }
}
