import { type EventContext, eventContext } from '@keptn/api-models';
import { cloudEventAnswer, stringifyJson } from '@keptn/event-models';
import { ApiErrors, BadRequest, documentedOnly, ServiceError, toErrorBody } from '@keptn/service-kit';
import { Body, Controller, Get, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  idempotencyKey,
  type LatestEventQuery,
  latestEventQuery,
  sentBatch,
  type SentBatch,
  sentEvents,
} from './event.dto';
import { EventService } from './event.service';

const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** @throws BadRequest */
const keyOf = (headers: FastifyRequest['headers']): string | undefined => {
  const key = idempotencyKey.safeParse(headers[IDEMPOTENCY_KEY.toLowerCase()]);
  if (!key.success) throw new BadRequest(`${IDEMPOTENCY_KEY} in header must have 1 to 255 characters`);
  return key.data;
};

@ApiTags('Events')
@Controller('v1/event')
export class EventController {
  constructor(private readonly events: EventService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send an event',
    description:
      'Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode (`ce-` headers, JSON data) and as a batch ' +
      '(`application/cloudevents-batch+json`). The event is durable in the log when this answers. Each call is a new event, ' +
      'with a new id and the time of arrival, since files with a fixed id and time are sent again and again; what the sender ' +
      'wrote is kept as `sentid` and `senttime`. A sender that wants a repeat to count once says so with `Idempotency-Key`. ' +
      'Any `shkeptncontext` that is not a UUID is turned into one, always the same. The events of a batch are stored each ' +
      'for itself: the answer is a list with a result for each, in their order.',
  })
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json')
  @ApiHeader({ name: 'ce-specversion', required: false, description: 'Version of CloudEvents; makes it binary mode' })
  @ApiHeader({
    name: IDEMPOTENCY_KEY,
    required: false,
    description: 'A request that is repeated with the same key within 24 hours counts once',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: 'build-4711',
  })
  @ApiResponse({
    status: 200,
    description: 'The event is stored; of a batch, all events are',
    standardSchema: z.union([eventContext, sentBatch]),
  })
  @ApiResponse({ status: 207, description: 'Some events of the batch were refused', standardSchema: sentBatch })
  @ApiErrors({
    400: 'Not an acceptable event',
    404: 'The project was deleted',
    413: 'Too large',
    415: 'Not JSON',
    422: 'The Idempotency-Key came with another body',
  })
  async send(
    @Req() { headers }: FastifyRequest,
    @Body({ schema: documentedOnly(sentEvents) }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventContext | SentBatch> {
    const outcome = await this.events.send(headers, body, keyOf(headers));
    if ('keptnContext' in outcome) return outcome;
    const results = outcome.map((result) =>
      result instanceof ServiceError
        ? { status: result.status, ...toErrorBody(result.status, result.message, result.reason) }
        : { status: 200, ...result },
    );
    if (results.some(({ status }) => status !== 200)) void reply.code(207);
    return results;
  }

  @Get()
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'Read the latest event of a type in a Keptn context',
    description: 'Deprecated: GET /event of mongodb-datastore answers more.',
    deprecated: true,
  })
  @ApiResponse({ status: 200, description: 'The event', standardSchema: cloudEventAnswer })
  @ApiErrors({ 400: 'A parameter is missing', 404: 'No such event' })
  async latest(@Query({ schema: latestEventQuery }) { keptnContext, type }: LatestEventQuery): Promise<string> {
    return stringifyJson(await this.events.latest(keptnContext, type));
  }
}
