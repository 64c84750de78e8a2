import { KeptnEventType, type Shipyard } from '@keptn/event-models';
import {
  before,
  causeOf,
  type ContextEvent,
  isAbout,
  isSameEvent,
  labelsOf,
  subjectOf,
  textOf,
  until,
} from '../context-event';
import { type Decision, decided, type FollowUp, nothing, REMEDIATION } from '../decision';
import { describeProblem, isClosing, problemKey, problemOf } from './problem';
import { problemKeyOf, remediationRun } from './remediation-run';
import { finish, goOn, originOf, type RemediationOrigin, type RemediationPlan } from './remediation-step';

export interface ProblemSituation {
  readonly shipyard: Shipyard;
  /** All of the context. */
  readonly events: readonly ContextEvent[];
  /** A remediation of the same problem that is under way in another context. */
  readonly elsewhere?: ContextEvent;
  readonly plan: RemediationPlan;
}

/** The only word of `remediation_strategy` that has problems remedied. */
const AUTOMATED = 'automated';

/** A problem is remedied, if the stage wants it and nobody is at it already. */
export function afterProblem(opened: ContextEvent, { shipyard, events, elsewhere, plan }: ProblemSituation): Decision {
  const { stage: name } = subjectOf(opened);
  if (isClosing(opened)) return afterClosing(opened, events);
  const stage = shipyard.stages.find((other) => other.name === name);
  if (stage?.remediationStrategy !== AUTOMATED) {
    return nothing(`not remedied: ${name || 'the event'} has no remediation_strategy ${AUTOMATED}`);
  }
  const underWay = openRun(opened, events) ?? elsewhere;
  if (underWay !== undefined)
    return nothing(`not remedied again: remediation ${underWay.id} of this problem is under way`);

  const origin: RemediationOrigin = { cause: opened, problem: problemOf(opened) };
  const because = describeProblem(opened);
  if ('fault' in plan) return finish(origin, { status: 'errored', result: 'failed', message: plan.fault }, because);
  return decided(`${because}; remediation_strategy of ${name} is ${AUTOMATED}`, [triggered(origin)]);
}

/**
 * The remediation of an earlier event of this problem, if it is not over before this event. All of the context counts: the
 * remediation follows from the earlier event, but may come later than this one in the log.
 */
function openRun(opened: ContextEvent, events: readonly ContextEvent[]): ContextEvent | undefined {
  const key = problemKey((field) => textOf(opened, field));
  const earlier = before(opened, events);
  const isOver = (run: ContextEvent) => {
    const begin = Math.max(
      earlier.indexOf(run),
      earlier.findIndex(({ id }) => id === causeOf(run)),
    );
    return earlier
      .slice(begin + 1)
      .some((event) => event.type === KeptnEventType.remediationFinished && isAbout(subjectOf(run), event));
  };
  return events.find(
    (event) =>
      event.type === KeptnEventType.remediationTriggered &&
      isAbout(subjectOf(opened), event) &&
      problemKeyOf(event) === key &&
      earlier.some(({ id }) => id === event.id || id === causeOf(event)) &&
      !isOver(event),
  );
}

function triggered({ cause, problem }: RemediationOrigin): FollowUp {
  return {
    sender: REMEDIATION,
    cause,
    kind: 'remediation.triggered',
    type: KeptnEventType.remediationTriggered,
    data: { ...subjectOf(cause), problem, labels: labelsOf(cause), remediation: null },
  };
}

/** The first action of a remediation. */
export function afterRemediationTriggered(origin: RemediationOrigin, plan: RemediationPlan): Decision {
  return goOn(origin, 0, plan, 'the remediation begins');
}

/** Of two remediations of a problem that began at the same moment, the later one ends at once. */
export function remediedElsewhere(event: ContextEvent, earlier: ContextEvent): Decision {
  const message = `The problem is being remedied in Keptn context ${earlier.shkeptncontext ?? ''}`;
  return finish(originOf(event), { status: 'succeeded', result: 'pass', message }, message);
}

/** A problem that is over needs no further actions. */
function afterClosing(closed: ContextEvent, events: readonly ContextEvent[]): Decision {
  const run = remediationRun(subjectOf(closed), until(closed, events));
  if (run?.phase.name !== 'problem closed' || !isSameEvent(run.phase.event, closed)) {
    return nothing('nothing to end: no remediation of this problem is under way in this context');
  }
  const end = {
    status: 'succeeded',
    result: 'pass',
    message: 'Remediation successful. The problem was closed',
  } as const;
  return finish(originOf(run.triggered), end, 'the problem was closed');
}
