import { type IncomingHttpHeaders } from 'node:http';
import { type Readable } from 'node:stream';
import { type Caller, eventLogApi, LINE_STREAM, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
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
    @CurrentCaller() caller: Caller,
  ): Promise<Readable | string> {
    const start = startOfPage(nextPageKey);
    const trace = { context: keptnContext, caller };
    if (formatOf(headers) === 'page') return writePage(await this.traces.page(trace, start, pageSize));
    const lines = await this.traces.lines(trace, start);
    void reply.type(LINE_STREAM);
    return lines;
  }
}
