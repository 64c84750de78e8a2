import { ApiErrors } from '@keptn/service-kit';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { startOfPage, writePage } from '../event-page';
import { EventQueryService } from '../event-query.service';
import { eventList, pageKeyParameter, pageSizeParameter } from '../event.dto';

const contextPath = z.object({ keptnContext: z.string().min(1).max(512) });

const traceQuery = z.object({ pageSize: pageSizeParameter(1000, 100), nextPageKey: pageKeyParameter });

@ApiTags('event')
@Controller('event/context')
export class EventContextController {
  constructor(private readonly queries: EventQueryService) {}

  @Get(':keptnContext')
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'Reads the trace of a Keptn context, oldest event first',
    description: 'All events of one run, by time and, at the same time, in the order in which they were stored.',
  })
  @ApiResponse({ status: 200, description: 'One page of the trace', standardSchema: eventList })
  @ApiErrors({ 400: 'A parameter is not valid', 404: 'No event belongs to this context' })
  async trace(
    @Param({ schema: contextPath }) { keptnContext }: z.infer<typeof contextPath>,
    @Query({ schema: traceQuery }) { pageSize, nextPageKey }: z.infer<typeof traceQuery>,
  ): Promise<string> {
    return writePage(await this.queries.trace(keptnContext, startOfPage(nextPageKey), pageSize));
  }
}
