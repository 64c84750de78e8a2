import { type IncomingHttpHeaders } from 'node:http';
import { type Readable } from 'node:stream';
import { ApiAlsoAsLines, ApiErrors, LINE_STREAM } from '@keptn/service-kit';
import { Controller, Get, Header, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { z } from 'zod';
import { formatOf } from '../event-format';
import { startOfPage, writePage } from '../event-page';
import { eventList, pageKeyParameter, pageSizeParameter } from '../event.dto';
import { EventContextService } from './event-context.service';

const contextPath = z.object({
  keptnContext: z.string().min(1).max(512).meta({
    description: 'Keptn context, as every answer to a sent event names it',
    example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  }),
});

const traceQuery = z.object({ pageSize: pageSizeParameter(1000, 100), nextPageKey: pageKeyParameter });

@ApiTags('Events')
@Controller('event/context')
export class EventContextController {
  constructor(private readonly traces: EventContextService) {}

  @Get(':keptnContext')
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'Read the trace of a Keptn context, oldest event first',
    description:
      'All events of one run, by time and, at the same time, in the order in which they were stored. With ' +
      `\`Accept: ${LINE_STREAM}\` all of them come in one answer, one a line.`,
  })
  @ApiResponse({ status: 200, description: 'One page of the trace', standardSchema: eventList })
  @ApiAlsoAsLines()
  @ApiErrors({
    400: 'A parameter is not valid',
    404: 'No event belongs to this context',
  })
  async trace(
    @Param({ schema: contextPath }) { keptnContext }: z.infer<typeof contextPath>,
    @Query({ schema: traceQuery }) { pageSize, nextPageKey }: z.infer<typeof traceQuery>,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | string> {
    const start = startOfPage(nextPageKey);
    if (formatOf(headers) === 'page') return writePage(await this.traces.page(keptnContext, start, pageSize));
    const lines = await this.traces.lines(keptnContext, start);
    void reply.type(LINE_STREAM);
    return lines;
  }
}
