import { api, type BodyOf, type EventContext, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { EvaluationService } from './evaluation.service';

const { startEvaluation } = api;

@Controller()
export class EvaluationController {
  constructor(private readonly evaluations: EvaluationService) {}

  @Route(startEvaluation)
  start(
    @Param({ schema: startEvaluation.parameters }) service: ParametersOf<typeof startEvaluation>,
    @Body({ schema: startEvaluation.body }) body: BodyOf<typeof startEvaluation>,
  ): Promise<EventContext> {
    return this.evaluations.start(service, body);
  }
}
