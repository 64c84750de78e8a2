import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, mayBelongTo, textOf } from '../context-event';

export interface ApprovalState {
  readonly triggered: ContextEvent;
  /** The approval.finished that decides: the first one that is valid. Absent while the approval is open. */
  readonly finished?: ContextEvent;
}

/** The approvals of a context, in the order of the log. */
export function approvalsOf(events: readonly ContextEvent[]): readonly ApprovalState[] {
  return events
    .filter(({ type }) => type === KeptnEventType.approvalTriggered)
    .map((triggered) => {
      const finished = events.find(
        (event) => isAnswerTo(triggered, event) && objectionTo(event, triggered) === undefined,
      );
      return { triggered, ...(finished && { finished }) };
    });
}

function isAnswerTo(triggered: ContextEvent, event: ContextEvent): boolean {
  return (
    event.type === KeptnEventType.approvalFinished &&
    event.triggeredid === triggered.id &&
    mayBelongTo(event, triggered)
  );
}

/** What an approval.finished says. */
export interface ApprovalAnswer {
  /** `pass` approves; anything else declines. */
  readonly result: string;
  readonly status: string;
  /** Who decided, where this service was told; clients of Keptn 0.7 do not say. */
  readonly decidedBy?: string;
}

export function decisionIn(finished: ContextEvent): ApprovalAnswer {
  const approval = fieldsOf(finished)['approval'];
  const { result, status, decidedBy } = isJsonObject(approval) ? approval : {};
  return {
    result: typeof result === 'string' ? result : '',
    status: typeof status === 'string' ? status : '',
    ...(typeof decidedBy === 'string' && { decidedBy }),
  };
}

export function isApproving(finished: ContextEvent): boolean {
  return decisionIn(finished).result === 'pass';
}

/** Why an answer does not decide, undefined when it does. */
export function objectionTo(finished: ContextEvent, triggered: ContextEvent): string | undefined {
  const { status } = decisionIn(finished);
  if (status !== 'succeeded') return `its status is ${status || 'missing'}, not succeeded`;
  if (!isApproving(finished)) return undefined;
  const differs = ['image', 'tag'].find((field) => textOf(finished, field) !== textOf(triggered, field));
  return differs && `its ${differs} is not that of the approval`;
}
