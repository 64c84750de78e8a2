import { type Caller, eventLogApi, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Header, Param, Query, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { instantAt, positionAfter } from '../../log/position';
import { disconnectSignalOf } from '../disconnect-signal';
import { LongPoll } from '../long-poll';
import { visibleTo } from '../visible-events';
import { EventTypeService } from './event-type.service';
import { parseFilter } from './filter-grammar';

const { listEventsOfType } = eventLogApi;

@Controller()
export class EventTypeController {
  constructor(
    private readonly types: EventTypeService,
    private readonly longPoll: LongPoll,
  ) {}

  @Route(listEventsOfType)
  @Header('Content-Type', 'application/json')
  async list(
    @Param({ schema: listEventsOfType.parameters }) { eventType: type }: ParametersOf<typeof listEventsOfType>,
    @Query({ schema: listEventsOfType.query }) query: QueryOf<typeof listEventsOfType>,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const { excludeInvalidated, omitData, limit, fromTime, wait: waitMs = 0 } = query;
    const { anyOf, ignored } = parseFilter(query.filter);
    if (ignored.length > 0) void reply.header('Warning', warningOf(ignored));
    const filter = visibleTo(caller, {
      anyOf: { ...anyOf, type: [type] },
      ...(fromTime !== undefined && { from: positionAfter(instantAt(fromTime)) }),
    });
    const search = { type, filter, excludeInvalidated, omitData, limit };
    const disconnected = disconnectSignalOf(reply);
    const events = await this.longPoll.until(() => this.types.search(search, disconnected), {
      isHit: ({ length }) => length > 0,
      filter,
      waitMs,
      disconnected,
    });
    return `{"events":[${events.join(',')}]}`;
  }
}

/** A warning of RFC 7234, section 5.5, in ASCII and without anything that would end its quotes. */
const warningOf = (ignored: readonly string[]): string => {
  const parts = ignored.map((part) => `'${part.replaceAll(/[^ -~]|["\\]/g, '?')}'`);
  return `299 - "ignored in filter, since it is no key:value: ${parts.join(', ')}"`;
};
