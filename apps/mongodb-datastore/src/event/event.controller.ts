import { Readable } from 'node:stream';
import { cloudEventAnswer } from '@keptn/event-models';
import { ApiAlsoAsLines, ApiErrors, ApiInternalOperation, LINE_STREAM } from '@keptn/service-kit';
import { Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { departureOf } from './departure';
import { formatOf } from './event-format';
import { filterOf } from './event-filter-query';
import { startOfPage, writePage } from './event-page';
import { EventQueryService } from './event-query.service';
import { eventList, type EventQuery, eventPath, eventQuery, eventSourceQuery } from './event.dto';
import { EventIntakeService } from './intake/event-intake.service';
import { describeBatch, describeImport, describeOne, type PostAnswer } from './intake/post-answer';
import { acceptedEvent, batchResults, postedEventSchema } from './intake/posted-event.dto';
import { readPostedEvents } from './intake/posted-events';
import { importReport } from './lines/event-import.dto';
import { EventExportService } from './lines/event-export.service';
import { EventImportService } from './lines/event-import.service';
import { LongPoll } from './long-poll';

@ApiTags('Events')
@Controller('event')
export class EventController {
  constructor(
    private readonly intake: EventIntakeService,
    private readonly imports: EventImportService,
    private readonly queries: EventQueryService,
    private readonly exports: EventExportService,
    private readonly longPoll: LongPoll,
  ) {}

  @Post()
  @ApiInternalOperation({
    summary: 'Store an event',
    description:
      'Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode (`ce-` headers, JSON data) and as a batch ' +
      '(`application/cloudevents-batch+json`). Keeps the id and time of the sender, and answers once the event is durable. ' +
      'The same event again, by its `source` and `id`, is stored once: the answer is that of the first time, with the header ' +
      '`Idempotent-Replay: true`. Another event with the same `source` and `id` is refused with 409. The events of a batch are stored each for itself, not all or nothing: the answer ' +
      'is a list with a result for each, in their order. `sh.keptn.internal.event.project.delete` deletes the events of ' +
      'its project and is not stored. Every `eventContext` is emptied. At most 96 levels of nesting and 15 MiB an event. ' +
      `As \`${LINE_STREAM}\`, one CloudEvent a line, a body may be of any length: each line is stored for itself as it ` +
      'arrives, with the id and time that it has; the answer counts the lines and names those that were refused. An ' +
      'import that broke off is sent again from the start.',
  })
  @ApiConsumes('application/cloudevents+json', 'application/json', 'application/cloudevents-batch+json', LINE_STREAM)
  @ApiBody({ description: 'A CloudEvent, an array of them, or the data of one', schema: postedEventSchema })
  @ApiHeader({ name: 'ce-specversion', required: false, description: 'Version of CloudEvents; makes it binary mode' })
  @ApiResponse({
    status: 201,
    description: 'The event is stored, or carried out; of a batch, all events are',
    standardSchema: z.union([acceptedEvent, batchResults, importReport]),
    headers: {
      'Idempotent-Replay': { description: '`true` when it had been stored before', schema: { type: 'string' } },
    },
  })
  @ApiResponse({
    status: 207,
    description: 'Some events of the batch, or lines, were refused; the answer says which and why',
    standardSchema: z.union([batchResults, importReport]),
  })
  @ApiErrors({
    400: 'Not an acceptable event',
    404: 'The project was deleted',
    409: 'Another event with this source and id is stored',
    413: 'Too large',
    415: 'Not JSON',
    503: 'The database cannot be reached',
  })
  async store(
    @Req() { headers, body }: FastifyRequest,
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

  @Get()
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'List events, newest first unless asked otherwise',
    description:
      'All given filters must hold. Pages hold each event once, however many are stored meanwhile. Filters that are fast ' +
      'at any size: keptnContext, eventID, source, stage, service, type, and project with source or any of stage, service ' +
      'and type. With ' +
      `\`Accept: ${LINE_STREAM}\` everything that matches and was stored before the request comes in one answer, one ` +
      'event a line, whatever pageSize and wait say; an answer that was broken off ends without its last chunk.',
  })
  @ApiResponse({ status: 200, description: 'One page of events', standardSchema: eventList })
  @ApiAlsoAsLines()
  @ApiErrors({
    400: 'A parameter is not valid',
    503: 'The database cannot be reached',
    504: 'The query is too slow',
  })
  async list(
    @Query({ schema: eventQuery }) query: EventQuery,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | string> {
    const filter = filterOf(query);
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
      gone: departureOf(reply),
    });
    return writePage(page);
  }

  @Get(':id')
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'Read one event',
    description:
      'Ids are unique among the events of one source; of several the latest is answered unless a source is given.',
  })
  @ApiResponse({ status: 200, description: 'The event', standardSchema: cloudEventAnswer })
  @ApiErrors({ 400: 'The id or source is not valid', 404: 'No such event' })
  read(
    @Param({ schema: eventPath }) { id }: { id: string },
    @Query({ schema: eventSourceQuery }) { source }: { source?: string },
  ): Promise<string> {
    return this.queries.event(id, source);
  }
}
