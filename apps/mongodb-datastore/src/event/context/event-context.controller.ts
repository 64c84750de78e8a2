import { type IncomingHttpHeaders } from 'node:http';
import { type Readable } from 'node:stream';
import { eventLogApi, LINE_STREAM, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller, Header, Headers, Param, Query, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { formatOf } from '../event-format';
import { startOfPage, writePage } from '../event-page';
import { EventContextService } from './event-context.service';

const { traceContext } = eventLogApi;

@Controller()
export class EventContextController {
  constructor(private readonly traces: EventContextService) {}

  @Route(traceContext)
  @Header('Content-Type', 'application/json')
  async trace(
    @Param({ schema: traceContext.parameters }) { keptnContext }: ParametersOf<typeof traceContext>,
    @Query({ schema: traceContext.query }) { pageSize, nextPageKey }: QueryOf<typeof traceContext>,
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
