import { type AnswerOf, type Caller, eventBrokerApi, type ParametersOf } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param } from '@nestjs/common';
import { ExplanationService } from './explanation.service';

const { explainDistribution } = eventBrokerApi;

@Controller()
export class ExplanationController {
  constructor(private readonly explanations: ExplanationService) {}

  @Route(explainDistribution)
  async explain(
    @Param({ schema: explainDistribution.parameters }) { keptnContext }: ParametersOf<typeof explainDistribution>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof explainDistribution>> {
    return { events: await this.explanations.explain(keptnContext, caller) };
  }
}
