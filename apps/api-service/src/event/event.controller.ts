import { type AnswerOf, api, type Caller, type QueryOf } from '@keptn/api-models';
import { stringifyJson } from '@keptn/event-models';
import { CurrentCaller, documentedOnly, Route, ServiceError, toErrorBody } from '@keptn/service-kit';
import { Body, Controller, Header, Query, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { idempotencyKeyOf } from '../idempotency/idempotency-keys';
import { EventService } from './event.service';

const { getLatestEvent, sendEvent } = api;

@Controller()
export class EventController {
  constructor(private readonly events: EventService) {}

  @Route(sendEvent)
  async send(
    @Req() { headers }: FastifyRequest,
    @Body({ schema: documentedOnly(sendEvent.body) }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof sendEvent>> {
    const outcome = await this.events.send({ headers, body, sender: { caller, key: idempotencyKeyOf(headers) } });
    if ('keptnContext' in outcome) return outcome;
    const results = outcome.map((result) =>
      result instanceof ServiceError
        ? { status: result.status, ...toErrorBody(result.status, result.message, result.reason) }
        : { status: 200, ...result },
    );
    if (results.some(({ status }) => status !== 200)) void reply.code(207);
    return results;
  }

  @Route(getLatestEvent)
  @Header('Content-Type', 'application/json')
  async latest(
    @Query({ schema: getLatestEvent.query }) { keptnContext, type }: QueryOf<typeof getLatestEvent>,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    return stringifyJson(await this.events.latest(keptnContext, type, caller));
  }
}
