import { type Readable } from 'node:stream';
import { type Caller } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { ContextNotFound } from '../event.errors';
import { type EventPage, type PageStart } from '../event-page';
import { EventQueryService, type EventSearch } from '../event-query.service';
import { EventExportService } from '../lines/event-export.service';
import { visibleTo } from '../visible-events';

/** A Keptn context, and who looks at it. */
export interface AskedTrace {
  readonly context: string;
  readonly caller: Caller;
}

/** Reads the traces of contexts, oldest event first. */
@Injectable()
export class EventContextService {
  constructor(
    private readonly queries: EventQueryService,
    private readonly exports: EventExportService,
  ) {}

  /** @throws ContextNotFound */
  async page(trace: AskedTrace, start: PageStart, pageSize: number): Promise<EventPage> {
    const page = await this.queries.search({ ...traceOf(trace, start), pageSize });
    if (page.totalCount === 0) throw new ContextNotFound(trace.context);
    return page;
  }

  /** @throws ContextNotFound */
  async lines(trace: AskedTrace, start: PageStart): Promise<Readable> {
    const { events } = await this.queries.batch({ ...traceOf(trace, { offset: 0 }), pageSize: 1 });
    if (events.length === 0) throw new ContextNotFound(trace.context);
    return this.exports.open(traceOf(trace, start));
  }
}

const traceOf = ({ caller, context }: AskedTrace, start: PageStart): Omit<EventSearch, 'pageSize'> => ({
  filter: visibleTo(caller, { anyOf: { shkeptncontext: [context] } }),
  order: 'oldest first',
  rootsOnly: false,
  start,
});
