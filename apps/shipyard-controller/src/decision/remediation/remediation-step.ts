import {
  actionsAgainst,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  KeptnEventType,
  type RemediationAction,
  type RemediationEntry,
} from '@keptn/event-models';
import { type ContextEvent, fieldsOf, labelsOf, subjectOf } from '../context-event';
import { type Decision, decided, type FollowUp, REMEDIATION } from '../decision';

/** What is known of the remediation.yaml of a service. */
export type RemediationPlan =
  | { readonly entries: readonly RemediationEntry[] }
  /** Why there is none, in the words of Keptn 0.7. */
  | { readonly fault: string };

export const NO_FILE = 'Could not execute remediation action because no remediation file available';
export const UNREADABLE_FILE = 'could not parse remediation.yaml';
export const OTHER_VERSION = 'remediation.yaml file does not conform to remediation spec spec.keptn.sh/0.1.4';

/** What all events of a remediation derive from. */
export interface RemediationOrigin {
  readonly cause: ContextEvent;
  readonly problem: JsonObject;
}

export function originOf(triggered: ContextEvent): RemediationOrigin {
  const problem = fieldsOf(triggered)['problem'];
  return { cause: triggered, problem: isJsonObject(problem) ? problem : {} };
}

function titleOf({ problem }: RemediationOrigin): string {
  const title = problem['ProblemTitle'];
  return typeof title === 'string' ? title : '';
}

export function actionsOf(
  origin: RemediationOrigin,
  entries: readonly RemediationEntry[],
): readonly RemediationAction[] {
  return actionsAgainst(titleOf(origin), entries);
}

/** Goes on to an action, or ends the remediation when there is none of this index or no plan. */
export function goOn(origin: RemediationOrigin, index: number, plan: RemediationPlan, because: string): Decision {
  if ('fault' in plan) return finish(origin, { status: 'errored', result: 'failed', message: plan.fault }, because);
  const action = actionsOf(origin, plan.entries)[index];
  if (action !== undefined)
    return decided(`${because}; action ${index}, ${action.action}, is next`, step(origin, index, action));
  const end: RemediationEnd =
    index === 0
      ? { status: 'succeeded', result: 'pass', message: 'triggered all actions' }
      : {
          status: 'succeeded',
          result: 'failed',
          message: `No further remediation action configured for problem type ${titleOf(origin)}`,
        };
  return finish(origin, end, `${because}; remediation.yaml has no action ${index} for it`);
}

function common({ cause }: RemediationOrigin) {
  return { ...subjectOf(cause), labels: labelsOf(cause) };
}

function step(
  origin: RemediationOrigin,
  index: number,
  { action, name, description, value }: RemediationAction,
): readonly FollowUp[] {
  const { cause, problem } = origin;
  return [
    {
      sender: REMEDIATION,
      cause,
      kind: `remediation.status.changed ${index}`,
      type: KeptnEventType.remediationStatusChanged,
      data: {
        ...common(origin),
        remediation: { status: 'succeeded', result: { actionIndex: index, actionName: action } },
      },
    },
    {
      sender: REMEDIATION,
      cause,
      kind: `action.triggered ${index}`,
      type: KeptnEventType.actionTriggered,
      data: {
        ...common(origin),
        // What YAML says is JSON, except for dates, which it does not read.
        action: { name, action, description, ...(value !== undefined && { value: value as JsonValue }) },
        problem,
      },
    },
  ];
}

/** The kind of the event that ends a remediation, so that each has one end at most. */
export const REMEDIATION_END = 'remediation.finished';

export interface RemediationEnd {
  readonly status: 'succeeded' | 'errored';
  readonly result: 'pass' | 'failed';
  readonly message: string;
}

export function finish(origin: RemediationOrigin, end: RemediationEnd, because: string): Decision {
  return decided(because, [
    {
      sender: REMEDIATION,
      cause: origin.cause,
      kind: REMEDIATION_END,
      type: KeptnEventType.remediationFinished,
      data: { ...common(origin), problem: origin.problem, remediation: { ...end } },
    },
  ]);
}
