import { Readable } from 'node:stream';
import { type Caller, eventLogApi, LINE_STREAM, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { CurrentCaller, documentedOnly, Route } from '@keptn/service-kit';
import { Body, Controller, Header, Param, Query, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { disconnectSignalOf } from './disconnect-signal';
import { formatOf } from './event-format';
import { filterOf } from './event-filter-query';
import { startOfPage, writePage } from './event-page';
import { EventQueryService } from './event-query.service';
import { EventIntakeService } from './intake/event-intake.service';
import { describeBatch, describeImport, describeOne, type PostAnswer } from './intake/post-answer';
import { readPostedEvents } from './intake/posted-events';
import { EventExportService } from './lines/event-export.service';
import { EventImportService } from './lines/event-import.service';
import { LongPoll } from './long-poll';
import { visibleTo } from './visible-events';

const { getEvent, listEvents, storeEvent } = eventLogApi;

@Controller()
export class EventController {
  constructor(
    private readonly intake: EventIntakeService,
    private readonly imports: EventImportService,
    private readonly queries: EventQueryService,
    private readonly exports: EventExportService,
    private readonly longPoll: LongPoll,
  ) {}

  @Route(storeEvent)
  async store(
    @Req() { headers }: FastifyRequest,
    @Body({ schema: documentedOnly(storeEvent.body) }) body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PostAnswer['body']> {
    const answer =
      body instanceof Readable ? describeImport(await this.imports.take(body)) : await this.take(headers, body);
    void reply.code(answer.status).headers(answer.headers);
    return answer.body;
  }

  private async take(headers: FastifyRequest['headers'], body: unknown): Promise<PostAnswer> {
    const posted = readPostedEvents(headers, body);
    return posted.kind === 'one'
      ? describeOne(await this.intake.accept(posted.event))
      : describeBatch(await this.intake.acceptEach(posted.events));
  }

  @Route(listEvents)
  @Header('Content-Type', 'application/json')
  async list(
    @Query({ schema: listEvents.query }) query: QueryOf<typeof listEvents>,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller: Caller,
  ): Promise<Readable | string> {
    const filter = visibleTo(caller, filterOf(query));
    const { order, pageSize, root: rootsOnly, wait: waitMs = 0 } = query;
    const search = { filter, order, rootsOnly, start: startOfPage(query.nextPageKey) };
    if (formatOf(headers) === 'lines') {
      const lines = await this.exports.open(search);
      void reply.type(LINE_STREAM);
      return lines;
    }
    const page = await this.longPoll.until(() => this.queries.search({ ...search, pageSize }), {
      isHit: ({ events }) => events.length > 0,
      filter,
      waitMs,
      disconnected: disconnectSignalOf(reply),
    });
    return writePage(page);
  }

  @Route(getEvent)
  @Header('Content-Type', 'application/json')
  read(
    @Param({ schema: getEvent.parameters }) { id }: ParametersOf<typeof getEvent>,
    @Query({ schema: getEvent.query }) { source }: QueryOf<typeof getEvent>,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    return this.queries.event(
      visibleTo(caller, { anyOf: { id: [id], ...(source !== undefined && { source: [source] }) } }),
      id,
    );
  }
}
