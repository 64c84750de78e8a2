import { type Caller, eventLogApi, type QueryOf } from '@keptn/api-models';
import { BadRequest, CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Headers, Query, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { filterOf } from '../event-filter-query';
import { visibleTo } from '../visible-events';
import { EventStreamService } from './event-stream.service';

const { streamEvents } = eventLogApi;

@Controller()
export class EventStreamController {
  constructor(private readonly streams: EventStreamService) {}

  @Route(streamEvents)
  async stream(
    @Query({ schema: streamEvents.query }) query: QueryOf<typeof streamEvents>,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    // The header is what a browser sends when it reconnects, with the URL and so the parameter unchanged: it is newer.
    const resumeBehind = sequenceOf(header ?? query.lastEventId);
    const { recent: recentMs, heartbeat } = query;
    await this.streams.serve({ filter: visibleTo(caller, filterOf(query)), resumeBehind, recentMs, heartbeat, reply });
  }
}

/**
 * The sequence number that a reader has seen last.
 *
 * @throws BadRequest when the text is no such number
 */
function sequenceOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new BadRequest('Last-Event-ID must be the id of a message of this stream, which is a number');
  }
  return Number(text);
}
