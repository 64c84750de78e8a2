import { KeptnEventType } from '@keptn/event-models';
import { type EarlierResult, earlierResultOf } from '@keptn/quality-gate';
import { type EventHead, EventLog, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';

/** Results that are remembered; one with 20 indicators takes about 3 KB. */
const MOST_RESULTS = 5_000;

/** Beyond this a result is read each time, so that none with thousands of indicators takes the room of many. */
const MOST_INDICATORS = 200;

const NOTHING_TO_COMPARE = 'nothing to compare';

type Result = EarlierResult | typeof NOTHING_TO_COMPARE;

/**
 * What earlier evaluations said of indicators. Events never change, and an evaluation is compared with nearly the same ones as that
 * before it, so each is read from the log once.
 */
@Injectable()
export class KnownResults {
  /** By sequence number; those that were not asked for the longest first. */
  private readonly results = new Map<string, Result>();

  constructor(private readonly log: EventLog) {}

  /** @returns those that hold an indicator, in the order of `heads` */
  async of(project: string, heads: readonly EventHead[]): Promise<readonly EarlierResult[]> {
    const unknown = heads.filter(({ sequence }) => !this.results.has(sequence));
    const read = new Map(unknown.length === 0 ? [] : await this.read(project, unknown));
    const found = heads.map(({ sequence }) => read.get(sequence) ?? this.results.get(sequence));
    for (const [index, { sequence }] of heads.entries()) this.remember(sequence, found[index]);
    return found.filter((result) => result !== undefined && result !== NOTHING_TO_COMPARE);
  }

  private async read(project: string, heads: readonly EventHead[]): Promise<[string, Result][]> {
    const values = heads.map(({ id }) => id);
    const events = await this.log.among({ type: KeptnEventType.evaluationDone, project, key: 'id', values });
    const byKey = new Map(events.map((event) => [keyOf(event), event]));
    const results = heads.map(async (head): Promise<readonly [string, Result][]> => {
      // Any sender may use an id again, as often as leaves no room for the right event among those that were found.
      const event: LoggedEvent | undefined = byKey.get(keyOf(head)) ?? (await this.log.event(head.id, head.source));
      return event === undefined ? [] : [[head.sequence, earlierResultOf(event) ?? NOTHING_TO_COMPARE]];
    });
    return (await Promise.all(results)).flat();
  }

  private remember(sequence: string, result: Result | undefined): void {
    this.results.delete(sequence);
    if (result === undefined || (result !== NOTHING_TO_COMPARE && result.values.length > MOST_INDICATORS)) return;
    this.results.set(sequence, result);
    for (const oldest of this.results.keys()) {
      if (this.results.size <= MOST_RESULTS) break;
      this.results.delete(oldest);
    }
  }
}

const keyOf = ({ id, source }: Pick<LoggedEvent, 'id'> & { readonly source?: string }): string =>
  JSON.stringify([id, source ?? '']);
