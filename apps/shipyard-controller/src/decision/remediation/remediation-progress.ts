import { KeptnEventType, type Shipyard } from '@keptn/event-models';
import { type ContextEvent, isSameEvent, labelsOf, subjectOf, textOf } from '../context-event';
import { type Decision, decided, nothing, REMEDIATION } from '../decision';
import { REAL_USER } from '../delivery/evaluation-target';
import { goDuration } from '../go-duration';
import { toSeconds } from '../to-seconds';
import { remediationRun, type RemediationRun } from './remediation-run';
import { actionsOf, finish, goOn, originOf, type RemediationPlan } from './remediation-step';

/** In milliseconds. */
export interface RemediationTimes {
  /** From the end of an action to the evaluation of its effect, unless the action says otherwise. */
  readonly wait: number;
  /** From action.triggered until somebody must have said that he acts or has acted. */
  readonly provider: number;
  /** From action.triggered to the end of an action that somebody has started; likewise of its evaluation. */
  readonly action: number;
}

export const NOTHING_UNDER_WAY = 'ignored: no remediation of this service is under way in this context';

/** Whether something follows from an event for the remediation of its context, and what. */
export function afterRemediationEvent(
  event: ContextEvent,
  events: readonly ContextEvent[],
  plan: RemediationPlan,
): Decision {
  const run = remediationRun(subjectOf(event), events);
  if (run === undefined) return nothing(NOTHING_UNDER_WAY);
  if (!isSameEvent(run.phase.event, event))
    return nothing('ignored: the remediation of this context does not wait for it');
  const origin = originOf(run.triggered);
  if (run.phase.name === 'action failed') {
    return goOn(origin, run.index + 1, plan, `action ${run.index} failed`);
  }
  if (run.phase.name === 'waiting') return nothing('the effect of the action is evaluated after its wait time');
  if (run.phase.name !== 'evaluated') return nothing('nothing is to be done about it');
  const result = textOf(event, 'result');
  if (result !== 'pass' && result !== 'warning') {
    return goOn(
      origin,
      run.index + 1,
      plan,
      `the evaluation after action ${run.index} is ${result || 'without a result'}`,
    );
  }
  const message = `Remediation successful. Remediation actions resulted in evaluation result: ${result}`;
  return finish(origin, { status: 'succeeded', result: 'pass', message }, `the evaluation is ${result}`);
}

/** What a remediation waits for, and until when. */
export interface RemediationDeadline {
  readonly run: RemediationRun;
  readonly at: Date;
}

/** Whether a time limit runs. */
export function hasDeadline({ phase }: RemediationRun): boolean {
  return phase.name === 'acting' || phase.name === 'waiting' || phase.name === 'evaluating';
}

/** @param run one that {@link hasDeadline} */
export function remediationDeadline(
  run: RemediationRun,
  plan: RemediationPlan,
  times: RemediationTimes,
): RemediationDeadline {
  return { run, at: new Date(Date.parse(run.phase.event.time) + longestOf(run, plan, times)) };
}

function longestOf(run: RemediationRun, plan: RemediationPlan, times: RemediationTimes): number {
  const { phase } = run;
  if (phase.name === 'waiting') return waitOf(run, plan, times);
  return phase.name === 'acting' && !phase.isStarted ? times.provider : times.action;
}

function waitOf(run: RemediationRun, plan: RemediationPlan, { wait }: RemediationTimes): number {
  if ('fault' in plan) return wait;
  const own = actionsOf(originOf(run.triggered), plan.entries)[run.index]?.waitTime;
  return (own === undefined ? undefined : goDuration(own)) ?? wait;
}

/** What follows when the time of a deadline has come. */
export function afterDeadline({ run, at }: RemediationDeadline, plan: RemediationPlan, shipyard: Shipyard): Decision {
  const { triggered, index, phase } = run;
  const origin = originOf(triggered);
  const time = at.toISOString();
  if (phase.name === 'evaluating')
    return goOn(origin, index + 1, plan, `the evaluation after action ${index} had no end until ${time}`);
  if (phase.name === 'acting') {
    const missing = phase.isStarted ? `action ${index} was started, and had no end` : `nobody answered action ${index}`;
    return goOn(origin, index + 1, plan, `${missing} until ${time}`);
  }
  const subject = subjectOf(triggered);
  const strategy = shipyard.stages.find(({ name }) => name === subject.stage)?.deploymentStrategy ?? '';
  return decided(`the wait time after action ${index} is over`, [
    {
      sender: REMEDIATION,
      cause: triggered,
      kind: `start-evaluation ${index}`,
      type: KeptnEventType.startEvaluation,
      data: {
        ...subject,
        teststrategy: REAL_USER,
        deploymentstrategy: strategy,
        start: toSeconds(new Date(phase.event.time)),
        end: toSeconds(at),
        labels: labelsOf(triggered),
      },
    },
  ]);
}
