import { ApiErrors } from '@keptn/service-kit';
import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { positionAfter } from '../../log/position';
import { departureOf } from '../departure';
import { LongPoll } from '../long-poll';
import { eventsOfType, eventTypePath, type EventTypeQuery, eventTypeQuery } from './event-type.dto';
import { EventTypeService } from './event-type.service';
import { parseFilter } from './filter-grammar';

@ApiTags('Events')
@Controller('event/type')
export class EventTypeController {
  constructor(
    private readonly types: EventTypeService,
    private readonly longPoll: LongPoll,
  ) {}

  @Get(':eventType')
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'List the latest events of a type, newest first',
    description: 'For quality gates and charts: the results of a service in a stage, without those declared invalid.',
  })
  @ApiResponse({
    status: 200,
    description: 'The events',
    standardSchema: eventsOfType,
    headers: { Warning: { description: 'Which parts of the filter are no `key:value`', schema: { type: 'string' } } },
  })
  @ApiErrors({
    400: 'The filter or another parameter is not valid',
    503: 'The database cannot be reached',
    504: 'Too slow',
  })
  async list(
    @Param({ schema: eventTypePath }) { eventType: type }: { eventType: string },
    @Query({ schema: eventTypeQuery }) query: EventTypeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { excludeInvalidated, limit, fromTime, wait: waitMs = 0 } = query;
    const { anyOf, ignored } = parseFilter(query.filter);
    if (ignored.length > 0) void reply.header('Warning', warningOf(ignored));
    const filter = {
      anyOf: { ...anyOf, type: [type] },
      ...(fromTime !== undefined && { from: positionAfter(fromTime) }),
    };
    const events = await this.longPoll.until(() => this.types.search({ type, filter, excludeInvalidated, limit }), {
      isHit: ({ length }) => length > 0,
      filter,
      waitMs,
      gone: departureOf(reply),
    });
    return `{"events":[${events.join(',')}]}`;
  }
}

/** A warning of RFC 7234, section 5.5, in ASCII and without anything that would end its quotes. */
const warningOf = (ignored: readonly string[]): string => {
  const parts = ignored.map((part) => `'${part.replaceAll(/[^ -~]|["\\]/g, '?')}'`);
  return `299 - "ignored in filter, since it is no key:value: ${parts.join(', ')}"`;
};
