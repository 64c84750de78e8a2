import { type Readable } from 'node:stream';
import { type ImportReport, NAMED_REFUSALS } from '@keptn/api-models';
import { type KeptnEvent, KeptnEventType } from '@keptn/event-models';
import { describeDatabaseError } from '@keptn/mongodb-connection';
import { PayloadTooLarge, ServiceError, ServiceUnavailable, SETTINGS, withRoomForAdditions } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type MongodbDatastoreSettings } from '../../settings';
import { BrokenOffImport, InterruptedImport, UnacceptableEvent } from '../event.errors';
import { withImportMark } from '../intake/import-mark';
import { type Accepted, EventIntakeService } from '../intake/event-intake.service';
import { parseBody, readEvent } from '../intake/posted-events';
import { type Line, linesOf } from './lines-of';

/** Lines that are stored together; as many as the log writes in one group. */
const GROUP_LINES = 500;
const GROUP_BYTES = 4 * 1024 * 1024;

interface ReadLine {
  readonly number: number;
  /** The event, or why there is none. */
  readonly event: KeptnEvent | ServiceError;
}

/** Takes in events that come as lines, any number of them in one request: history, to which nobody reacts. */
@Injectable()
export class EventImportService {
  constructor(
    private readonly intake: EventIntakeService,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {}

  /**
   * Stores the event of each line for itself: a line that is refused keeps no other from being stored.
   *
   * @throws InterruptedImport when the database fails
   * @throws BrokenOffImport when the body does not come to its end
   */
  async take(body: Readable): Promise<ImportReport> {
    const report: ImportReport = { stored: 0, replayed: 0, refused: 0, refusals: [] };
    let unfinished = 1;
    try {
      for await (const lines of inGroups(linesOf(body, withRoomForAdditions(this.settings.MAX_BODY_BYTES)))) {
        await this.store(
          lines.flatMap((line) => this.read(line)),
          report,
        );
        unfinished += lines.length;
      }
      return report;
    } catch (error) {
      if (describeDatabaseError(error) instanceof ServiceUnavailable) {
        throw new InterruptedImport(unfinished, { cause: error });
      }
      if (body.errored !== null) throw new BrokenOffImport(unfinished, { cause: error });
      throw error;
    }
  }

  /** @returns nothing for a blank line */
  private read({ number, bytes }: Line): ReadLine[] {
    const limit = this.settings.MAX_BODY_BYTES;
    try {
      if (bytes === 'too long') throw new PayloadTooLarge(`the line is longer than ${limit} bytes (MAX_BODY_BYTES)`);
      const text = decoded(bytes);
      return text.trim() === '' ? [] : [{ number, event: importable(readEvent(parseBody(text))) }];
    } catch (error) {
      if (error instanceof ServiceError) return [{ number, event: error }];
      throw error;
    }
  }

  private async store(lines: readonly ReadLine[], report: ImportReport): Promise<void> {
    const results = new Map<number, Accepted | ServiceError>();
    // Events that begin a project come first: those of the project are refused as long as it counts as deleted.
    for (const group of [lines.filter(isCreation), lines.filter((line) => !isCreation(line))]) {
      const accepted = await this.intake.acceptEach(group.map(({ event }) => event));
      for (const [index, result] of accepted.entries()) results.set(group[index]?.number ?? 0, result);
    }
    for (const { number } of lines) note(report, number, results.get(number));
  }
}

async function* inGroups(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let group: Line[] = [];
  let size = 0;
  for await (const line of lines) {
    group.push(line);
    size += line.bytes.length;
    if (group.length < GROUP_LINES && size < GROUP_BYTES) continue;
    yield group;
    [group, size] = [[], 0];
  }
  if (group.length > 0) yield group;
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });

const decoded = (bytes: Buffer): string => {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch (error) {
    throw new UnacceptableEvent('the line is not UTF-8', { cause: error });
  }
};

/** The deletion of a project is carried out, so no export has it; a file must not do what only a request may. */
function importable(event: KeptnEvent | ServiceError): KeptnEvent | ServiceError {
  if (event instanceof ServiceError) return event;
  return event.type === KeptnEventType.projectDelete
    ? new UnacceptableEvent(`events of type ${event.type} are not imported; send it by itself to delete the project`)
    : withImportMark(event, new Date());
}

const isCreation = ({ event }: ReadLine): boolean =>
  !(event instanceof ServiceError) && event.type === KeptnEventType.projectCreate;

function note(report: ImportReport, line: number, result: Accepted | ServiceError | undefined): void {
  if (result instanceof ServiceUnavailable) throw result;
  if (result instanceof ServiceError) {
    report.refused += 1;
    if (report.refusals.length < NAMED_REFUSALS) {
      report.refusals.push({ line, code: result.status, message: result.message });
    }
  } else if (result?.isReplay === true) report.replayed += 1;
  else report.stored += 1;
}
