import { type AnswerOf, type Caller, type ParametersOf, shipyardControllerApi } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param } from '@nestjs/common';
import { ExplanationService } from './explanation.service';

const { explainContext } = shipyardControllerApi;

@Controller()
export class ExplanationController {
  constructor(private readonly explanations: ExplanationService) {}

  @Route(explainContext)
  explain(
    @Param({ schema: explainContext.parameters }) { keptnContext }: ParametersOf<typeof explainContext>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof explainContext>> {
    return this.explanations.explain(keptnContext, caller);
  }
}
