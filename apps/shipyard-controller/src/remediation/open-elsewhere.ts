import { isImported, KeptnEventType } from '@keptn/event-models';
import { EventLog, followUpId } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { type ContextEvent, isSameEvent, type Subject, subjectOf, timeBefore } from '../decision/context-event';
import { REMEDIATION } from '../decision/decision';
import { problemKeyOf, remediationRun } from '../decision/remediation/remediation-run';
import { REMEDIATION_END } from '../decision/remediation/remediation-step';

/** How far back another remediation is looked for, in milliseconds: longer than any takes. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;

/** Finds remediations of the same problem in other contexts. */
@Injectable()
export class OpenElsewhere {
  constructor(
    private readonly log: EventLog,
    private readonly contexts: ContextLog,
  ) {}

  /**
   * The first open remediation of a problem that is not the one of this event's context, as the log orders them. Of two that begin at
   * the same moment the later one finds the earlier one, since an event is delivered when all before it can be read.
   *
   * @param event problem.open, or remediation.triggered, which finds only remediations that began before it
   * @param problem key of the problem
   */
  async find(event: ContextEvent, problem: string): Promise<ContextEvent | undefined> {
    const subject = subjectOf(event);
    if (subject.service === '' || subject.stage === '') return undefined;
    const fromTime = timeBefore(event, LOOK_BACK_MS);
    const others: ContextEvent[] = [];
    for await (const other of this.log.events({ type: KeptnEventType.remediationTriggered, ...subject, fromTime })) {
      if (isSameEvent(other, event)) break;
      if (other.shkeptncontext !== event.shkeptncontext && !isImported(other) && problemKeyOf(other) === problem)
        others.push(other);
    }
    for (const other of await this.withoutEnd(subject, others)) {
      const events = await this.contexts.eventsOrTooMany(other.shkeptncontext);
      if (events === 'too many') continue;
      const run = remediationRun(subject, events);
      if (run !== undefined && isSameEvent(run.triggered, other) && run.phase.name !== 'finished') return other;
    }
    return undefined;
  }

  /** Leaves out those that this service has ended, so that only a few contexts of an alert that flaps are read. */
  private async withoutEnd({ project }: Subject, begun: readonly ContextEvent[]): Promise<readonly ContextEvent[]> {
    const endOf = (triggered: ContextEvent) => followUpId(REMEDIATION, triggered, REMEDIATION_END);
    const type = KeptnEventType.remediationFinished;
    const ends = await this.log.among({ type, project, key: 'id', values: begun.map(endOf) });
    const ended = new Set(ends.map(({ id }) => id));
    return begun.filter((triggered) => !ended.has(endOf(triggered)));
  }
}
