import { isJsonObject, isExactNumber, KeptnEventType, numberOf } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, isAbout, type Subject, subjectOf, textOf } from '../context-event';
import { REAL_USER } from '../delivery/evaluation-target';
import { isClosing, problemKey } from './problem';

/** Where a remediation is. The event is the one that led there. */
export type Phase =
  | { readonly name: 'announced'; readonly event: ContextEvent }
  | { readonly name: 'acting'; readonly event: ContextEvent; readonly isStarted: boolean }
  | { readonly name: 'action failed'; readonly event: ContextEvent }
  | { readonly name: 'waiting'; readonly event: ContextEvent }
  | { readonly name: 'evaluating'; readonly event: ContextEvent }
  | { readonly name: 'evaluated'; readonly event: ContextEvent }
  | { readonly name: 'problem closed'; readonly event: ContextEvent }
  | { readonly name: 'finished'; readonly event: ContextEvent };

/** A remediation as the events of its context tell it. */
export interface RemediationRun {
  /** The remediation.triggered, from which the ids of all that follows are derived. */
  readonly triggered: ContextEvent;
  /** The status.changed of each action so far. */
  readonly steps: readonly ContextEvent[];
  /** Of the action that is under way, from 0; -1 before the first one. */
  readonly index: number;
  readonly phase: Phase;
}

/** The latest remediation of each service in each stage that a context has. */
export function remediationRuns(events: readonly ContextEvent[]): readonly RemediationRun[] {
  const subjects = new Map(
    events
      .filter(({ type }) => type === KeptnEventType.remediationTriggered)
      .map((triggered) => {
        const subject = subjectOf(triggered);
        return [JSON.stringify(subject), subject];
      }),
  );
  return [...subjects.values()].flatMap((subject) => remediationRun(subject, events) ?? []);
}

/** The latest remediation of a service in a stage that a context has, undefined when it has none. */
export function remediationRun(subject: Subject, events: readonly ContextEvent[]): RemediationRun | undefined {
  const triggered = events.findLast(
    (event) => event.type === KeptnEventType.remediationTriggered && isAbout(subject, event),
  );
  if (triggered === undefined) return undefined;
  const begin: RemediationRun = { triggered, steps: [], index: -1, phase: { name: 'announced', event: triggered } };
  return events
    .slice(events.indexOf(triggered) + 1)
    .filter((event) => isAbout(subject, event))
    .reduce(afterEvent, begin);
}

function afterEvent(run: RemediationRun, event: ContextEvent): RemediationRun {
  if (run.phase.name === 'finished') return run;
  if (event.type === KeptnEventType.remediationStatusChanged) return afterStep(run, event);
  const phase = phaseAfter(run, event);
  return phase === undefined ? run : { ...run, phase };
}

function afterStep(run: RemediationRun, event: ContextEvent): RemediationRun {
  const index = actionIndexOf(event) ?? run.index + 1;
  if (index <= run.index) return run;
  return { ...run, steps: [...run.steps, event], index, phase: { name: 'announced', event } };
}

function phaseAfter({ triggered, phase }: RemediationRun, event: ContextEvent): Phase | undefined {
  const isOfAction = phase.name === 'acting' && (!event.triggeredid || event.triggeredid === phase.event.id);
  if (event.type === KeptnEventType.remediationFinished) return { name: 'finished', event };
  if (isClosing(event)) return isSameProblem(triggered, event) ? { name: 'problem closed', event } : undefined;
  switch (event.type) {
    case KeptnEventType.actionTriggered:
      return phase.name === 'announced' ? { name: 'acting', event, isStarted: false } : undefined;
    case KeptnEventType.actionStarted:
      return isOfAction ? { ...phase, isStarted: true } : undefined;
    case KeptnEventType.actionFinished:
      return isOfAction ? { name: isFailed(event) ? 'action failed' : 'waiting', event } : undefined;
    case KeptnEventType.startEvaluation:
      return phase.name === 'waiting' && isRealUser(event) ? { name: 'evaluating', event } : undefined;
    case KeptnEventType.evaluationDone:
      return phase.name === 'evaluating' && isRealUser(event) ? { name: 'evaluated', event } : undefined;
    default:
      return undefined;
  }
}

function isRealUser(event: ContextEvent): boolean {
  return textOf(event, 'teststrategy') === REAL_USER;
}

/** Of an action: what is neither is left to the evaluation. */
const FAILED_STATUS = new Set(['errored', 'aborted']);
const FAILED_RESULT = new Set(['fail', 'failed']);

function isFailed(finished: ContextEvent): boolean {
  const action = fieldsOf(finished)['action'];
  const { status, result } = isJsonObject(action) ? action : {};
  const isOneOf = (words: ReadonlySet<string>, value: unknown) =>
    typeof value === 'string' && words.has(value.toLowerCase());
  return isOneOf(FAILED_STATUS, status) || isOneOf(FAILED_RESULT, result);
}

function actionIndexOf(step: ContextEvent): number | undefined {
  const remediation = fieldsOf(step)['remediation'];
  const result = isJsonObject(remediation) ? remediation['result'] : undefined;
  const index = isJsonObject(result) ? result['actionIndex'] : undefined;
  return typeof index === 'number' || isExactNumber(index) ? numberOf(index) : undefined;
}

/** The key of the problem that a remediation.triggered carries. */
export function problemKeyOf(triggered: ContextEvent): string {
  const problem = fieldsOf(triggered)['problem'];
  return problemKey((name) => {
    const value = isJsonObject(problem) ? problem[name] : undefined;
    return typeof value === 'string' ? value : '';
  });
}

function isSameProblem(triggered: ContextEvent, event: ContextEvent): boolean {
  return problemKeyOf(triggered) === problemKey((name) => textOf(event, name));
}
