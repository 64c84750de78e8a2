import { configurationApi } from '@keptn/api-models';
import { documentedOnly, Route } from '@keptn/service-kit';
import { Body, Controller, UseGuards } from '@nestjs/common';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { EventService } from './event.service';

const { recordEvent } = configurationApi;

@UseGuards(ViewCurrentGuard)
@Controller()
export class EventController {
  constructor(private readonly events: EventService) {}

  @Route(recordEvent)
  async record(@Body({ schema: documentedOnly(recordEvent.body) }) body: unknown): Promise<void> {
    await (Array.isArray(body) ? this.events.recordEach(body) : this.events.record(body));
  }
}
