import { type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ContextNotFound } from '../event.errors';
import { type EventPage, type PageStart } from '../event-page';
import { EventQueryService, type EventSearch } from '../event-query.service';
import { EventExportService } from '../lines/event-export.service';

/** Reads the traces of contexts, oldest event first. */
@Injectable()
export class EventContextService {
  constructor(
    private readonly queries: EventQueryService,
    private readonly exports: EventExportService,
  ) {}

  /** @throws ContextNotFound */
  async page(context: string, start: PageStart, pageSize: number): Promise<EventPage> {
    const page = await this.queries.search({ ...traceOf(context, start), pageSize });
    if (page.totalCount === 0) throw new ContextNotFound(context);
    return page;
  }

  /** @throws ContextNotFound */
  async lines(context: string, start: PageStart): Promise<Readable> {
    const { events } = await this.queries.batch({ ...traceOf(context, { offset: 0 }), pageSize: 1 });
    if (events.length === 0) throw new ContextNotFound(context);
    return this.exports.open(traceOf(context, start));
  }
}

const traceOf = (context: string, start: PageStart): Omit<EventSearch, 'pageSize'> => ({
  filter: { anyOf: { shkeptncontext: [context] } },
  order: 'oldest first',
  rootsOnly: false,
  start,
});
