import { Readable } from 'node:stream';
import { KeptnEventType } from '@keptn/event-models';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { type LogSnapshot } from '../../log/log-snapshot';
import { StableLog } from '../../log/stable-log';
import { textWithoutImportMark } from '../intake/import-mark';
import { type PageStart } from '../event-page';
import { type EventBatch, EventQueryService, type EventSearch } from '../event-query.service';

/** Events that are read in one step. */
const STEP = 200;

/** Writes out whatever matches, a line for each event, as fast as it is read; not the end of projects, which no import may repeat. */
@Injectable()
export class EventExportService {
  constructor(
    private readonly queries: EventQueryService,
    private readonly log: StableLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The events that match and were stored before this call. The first of them have been read when the promise resolves, so
   * that a database that is away shows before an answer has begun; should it go away later, the stream breaks off.
   */
  async open(search: Omit<EventSearch, 'pageSize'>): Promise<Readable> {
    const snapshot = await this.log.snapshot();
    const filter = { ...search.filter, upToSequence: snapshot.highest };
    const parts = this.parts({ ...search, filter, pageSize: STEP }, snapshot);
    const first = await parts.next();
    // Plain text instead of one object a part: what waits for a slow reader is counted in bytes.
    return Readable.from(first.done === true ? [] : begunWith(first.value, parts), { objectMode: false });
  }

  private async *parts(search: EventSearch, snapshot: LogSnapshot): AsyncGenerator<string> {
    let start: PageStart | undefined = search.start;
    try {
      do {
        const { events, continuesBehind }: EventBatch = await this.queries.batch({ ...search, start });
        const lines = events
          .filter(({ _id, type }) => snapshot.holds(_id) && type !== KeptnEventType.projectDelete)
          .map(({ event }) => `${textWithoutImportMark(event)}\n`);
        if (lines.length > 0) yield lines.join('');
        start = continuesBehind && { behind: continuesBehind };
      } while (start !== undefined);
    } catch (error) {
      this.logger.warn({ err: error }, 'an export was broken off because the log could not be read');
      throw error;
    }
  }
}

async function* begunWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
