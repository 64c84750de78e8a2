import { cloudEventBody } from '@keptn/event-models';
import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { eventPath } from '../event.dto';
import { PendingEventService } from './pending-event.service';

const newPendingEvent = z
  .object({
    event: cloudEventBody,
    dueInMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .meta({ description: 'After that the change is made or never will be, in milliseconds', example: 40_000 }),
  })
  .meta({ id: 'NewPendingEvent' });

const dueEvents = z
  .object({
    events: z.array(
      z.object({
        id: z.string().meta({ example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
        type: z.string().meta({ example: 'sh.keptn.internal.event.service.create' }),
        shkeptncontext: z.string().meta({ example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
        project: z.string().meta({ example: 'sockshop' }),
        service: z.string().optional().meta({ example: 'carts' }),
      }),
    ),
  })
  .meta({ id: 'DueEvents' });

@ApiTags('Events')
@Controller('pending-event')
export class PendingEventController {
  constructor(private readonly pending: PendingEventService) {}

  @Post()
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Announce an event',
    description:
      'Keeps an event outside of the log before the change that it tells of is made elsewhere. It is no longer pending ' +
      'once it is stored with `POST /event`, published or withdrawn.',
  })
  @ApiResponse({ status: 204, description: 'The event is durable, and not in the log' })
  @ApiErrors({ 400: 'Not an acceptable event', 503: 'The database cannot be reached' })
  async announce(
    @Body({ schema: newPendingEvent }) { event, dueInMs }: z.infer<typeof newPendingEvent>,
  ): Promise<void> {
    await this.pending.announce(event, dueInMs);
  }

  @Get()
  @ApiInternalOperation({ summary: 'List the pending events that are due', description: 'The longest due first.' })
  @ApiResponse({ status: 200, description: 'At most 100', standardSchema: dueEvents })
  @ApiErrors({ 503: 'The database cannot be reached' })
  async due(): Promise<z.infer<typeof dueEvents>> {
    return { events: await this.pending.due() };
  }

  @Post(':id/publication')
  @HttpCode(204)
  @ApiInternalOperation({
    summary: 'Store a pending event in the log',
    description: 'As `POST /event` would. An event that is not pending is left as it is.',
  })
  @ApiResponse({ status: 204, description: 'The event is no longer pending' })
  @ApiErrors({ 404: 'The project was deleted', 503: 'The database cannot be reached' })
  async publish(@Param({ schema: eventPath }) { id }: z.infer<typeof eventPath>): Promise<void> {
    await this.pending.publish(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiInternalOperation({ summary: 'Withdraw a pending event', description: 'The change was not made.' })
  @ApiResponse({ status: 204, description: 'The event is no longer pending' })
  @ApiErrors({ 503: 'The database cannot be reached' })
  async withdraw(@Param({ schema: eventPath }) { id }: z.infer<typeof eventPath>): Promise<void> {
    await this.pending.withdraw(id);
  }
}
