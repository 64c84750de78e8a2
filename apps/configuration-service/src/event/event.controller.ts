import { ApiErrors, ApiInternalOperation, documentedOnly } from '@keptn/service-kit';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { serviceEvent } from './event.dto';
import { EventService } from './event.service';

@ApiTags('Events')
@UseGuards(ViewCurrentGuard)
@Controller('v1/event')
export class EventController {
  constructor(private readonly events: EventService) {}

  @Post()
  @HttpCode(200)
  @ApiInternalOperation({
    summary: 'Record an event in the view',
    description:
      'Makes the event the last one of its type in its service; deployment-finished also sets the deployed image. The ' +
      'same event again changes nothing. The event log delivers events here, several at once as a JSON array, in order. ' +
      'Of an array, events that do not belong to a service are passed over.',
  })
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json')
  @ApiResponse({ status: 200, description: 'The event is recorded' })
  @ApiErrors({
    400: 'The event is not valid, or it does not belong to a service: Project, Stage or Service must not be empty',
    404: 'Project not found, Stage not found, or Service not found',
  })
  async record(@Body({ schema: documentedOnly(serviceEvent) }) body: unknown): Promise<void> {
    await (Array.isArray(body) ? this.events.recordEach(body) : this.events.record(body));
  }
}
