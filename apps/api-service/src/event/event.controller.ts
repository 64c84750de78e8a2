import { type EventContext, eventContext } from '@keptn/api-models';
import { cloudEventAnswer, cloudEventBody, stringifyJson } from '@keptn/event-models';
import { ApiErrors, documentedOnly } from '@keptn/service-kit';
import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type LatestEventQuery, latestEventQuery } from './event.dto';
import { EventService } from './event.service';

@ApiTags('Events')
@Controller('v1/event')
export class EventController {
  constructor(private readonly events: EventService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send an event',
    description:
      'The event is durable in the log when this answers. Sending the same `source` and `id` again stores nothing and gets ' +
      'the first answer. Any `shkeptncontext` that is not a UUID is turned into one, always the same.',
  })
  @ApiResponse({ status: 200, description: 'The event is stored', standardSchema: eventContext })
  @ApiErrors({ 400: 'Not an acceptable event', 404: 'The project was deleted', 413: 'Too large', 415: 'Not JSON' })
  send(@Body({ schema: documentedOnly(cloudEventBody) }) body: unknown): Promise<EventContext> {
    return this.events.send(body);
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
