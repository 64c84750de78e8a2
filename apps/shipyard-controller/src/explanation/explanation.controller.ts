import { type AnswerOf, type Caller, type ParametersOf, type QueryOf, shipyardControllerApi } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { ExplanationService } from './explanation.service';

const { explainContext, getRun } = shipyardControllerApi;

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

  @Route(getRun)
  run(
    @Param({ schema: getRun.parameters }) { keptnContext }: ParametersOf<typeof getRun>,
    @Query({ schema: getRun.query }) query: QueryOf<typeof getRun>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof getRun>> {
    return this.explanations.history(keptnContext, query, caller);
  }
}
