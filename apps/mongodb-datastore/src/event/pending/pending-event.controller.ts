import { type AnswerOf, type BodyOf, eventLogApi, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { PendingEventService } from './pending-event.service';

const { announceEvent, listDueEvents, publishEvent, withdrawEvent } = eventLogApi;

@Controller()
export class PendingEventController {
  constructor(private readonly pending: PendingEventService) {}

  @Route(announceEvent)
  async announce(
    @Body({ schema: announceEvent.body }) { event, dueInMs }: BodyOf<typeof announceEvent>,
  ): Promise<void> {
    await this.pending.announce(event, dueInMs);
  }

  @Route(listDueEvents)
  async due(): Promise<AnswerOf<typeof listDueEvents>> {
    return { events: await this.pending.due() };
  }

  @Route(publishEvent)
  async publish(@Param({ schema: publishEvent.parameters }) { id }: ParametersOf<typeof publishEvent>): Promise<void> {
    await this.pending.publish(id);
  }

  @Route(withdrawEvent)
  async withdraw(
    @Param({ schema: withdrawEvent.parameters }) { id }: ParametersOf<typeof withdrawEvent>,
  ): Promise<void> {
    await this.pending.withdraw(id);
  }
}
