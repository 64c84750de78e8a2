import { ApiErrors } from '@keptn/service-kit';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { filterOf } from '../event-filter-query';
import { type EventStreamQuery, eventStreamQuery, lastEventId } from './event-stream.dto';
import { EventStreamService } from './event-stream.service';

@ApiTags('Events')
@Controller('event/stream')
export class EventStreamController {
  constructor(private readonly streams: EventStreamService) {}

  @Get()
  @ApiOperation({
    summary: 'Follow events as they are stored (Server-Sent Events)',
    description:
      'Without `Last-Event-ID` the stream begins with the next event that is stored. With it, it goes on behind the event ' +
      'with that id, so a client that was cut off misses nothing; `0` means the whole log. The id of a message is the ' +
      'sequence number of its event, the data its JSON. A reader that is too slow is disconnected and can come back.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last message received',
    example: '42',
  })
  @ApiResponse({
    status: 200,
    description: 'A stream that ends when the client or the service does',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiErrors({ 400: 'A parameter is not valid', 503: 'The database cannot be reached, or the service is stopping' })
  async stream(
    @Query({ schema: eventStreamQuery }) query: EventStreamQuery,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.streams.serve({ filter: filterOf(query), resumeBehind: lastEventId(header, query), reply });
  }
}
