import {
  type AnswerOf,
  type BodyOf,
  type Caller,
  lighthouseServiceApi,
  type ParametersOf,
  type QueryOf,
} from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { EvaluationReports } from './evaluation-reports';
import { EvaluationValidity } from './evaluation-validity';

const { getEvaluation, invalidateEvaluation, listEvaluations, revalidateEvaluation } = lighthouseServiceApi;

@Controller()
export class EvaluationController {
  constructor(
    private readonly reports: EvaluationReports,
    private readonly validity: EvaluationValidity,
  ) {}

  @Route(listEvaluations)
  list(
    @Param({ schema: listEvaluations.parameters }) names: ParametersOf<typeof listEvaluations>,
    @Query({ schema: listEvaluations.query }) { pageSize, nextPageKey, until }: QueryOf<typeof listEvaluations>,
  ): Promise<AnswerOf<typeof listEvaluations>> {
    return this.reports.page(names, { pageSize, nextPageKey, until });
  }

  @Route(getEvaluation)
  get(
    @Param({ schema: getEvaluation.parameters }) { eventId }: ParametersOf<typeof getEvaluation>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof getEvaluation>> {
    return this.reports.one(eventId, caller);
  }

  @Route(invalidateEvaluation)
  async invalidate(
    @Param({ schema: invalidateEvaluation.parameters }) { eventId }: ParametersOf<typeof invalidateEvaluation>,
    @Body({ schema: invalidateEvaluation.body }) { reason }: BodyOf<typeof invalidateEvaluation>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof invalidateEvaluation>> {
    return { eventId: await this.validity.invalidate({ id: eventId, caller }, reason) };
  }

  @Route(revalidateEvaluation)
  async revalidate(
    @Param({ schema: revalidateEvaluation.parameters }) { eventId }: ParametersOf<typeof revalidateEvaluation>,
    @Body({ schema: revalidateEvaluation.body }) { reason }: BodyOf<typeof revalidateEvaluation>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof revalidateEvaluation>> {
    return { eventId: await this.validity.revalidate({ id: eventId, caller }, reason) };
  }
}
