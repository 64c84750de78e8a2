import { api, type BodyOf, type Caller, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { stringifyJson } from '@keptn/event-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Body, Controller, Header, Param, Query, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from '../idempotency/idempotency-keys';
import { EvaluationService } from './evaluation.service';

const { startEvaluation } = api;

@Controller()
export class EvaluationController {
  constructor(private readonly evaluations: EvaluationService) {}

  @Route(startEvaluation)
  @Header('Content-Type', 'application/json')
  async start(
    @Param({ schema: startEvaluation.parameters }) service: ParametersOf<typeof startEvaluation>,
    @Query({ schema: startEvaluation.query }) { wait: waitMs = 0 }: QueryOf<typeof startEvaluation>,
    @Body({ schema: startEvaluation.body }) body: BodyOf<typeof startEvaluation>,
    @Req() { headers }: FastifyRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const context = await this.evaluations.start(service, body, { caller, key: idempotencyKeyOf(headers) });
    const evaluation = await this.evaluations.end(context, waitMs);
    return stringifyJson({ ...context, ...(evaluation !== undefined && { evaluation }) });
  }
}
