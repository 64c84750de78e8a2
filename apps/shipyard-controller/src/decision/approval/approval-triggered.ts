import { KeptnEventType, type Shipyard } from '@keptn/event-models';
import { type ContextEvent, labelsOf, subjectOf, textOf } from '../context-event';
import { type ApprovalAnswer } from './approval-state';
import { type Decision, type FollowUp, GATEKEEPER, nothing, reasonOf } from '../decision';

/** An approval is decided at once, or waits for a person. */
export function afterApprovalTriggered(triggered: ContextEvent, shipyard: Shipyard): Decision {
  const result = textOf(triggered, 'result');
  const { stage: name } = subjectOf(triggered);
  if (result === 'fail' || result === 'failed') {
    return finished(triggered, 'fail', `declined: the evaluation is ${result}`);
  }
  if (result !== 'pass' && result !== 'warning') {
    return nothing('waits for a person: the approval does not say the result of the evaluation');
  }
  const stage = shipyard.stages.find((other) => other.name === name);
  if (stage === undefined) return nothing(`waits for a person: the shipyard has no stage ${name}`);
  if (stage.approvalStrategy?.[result] === 'manual') {
    return nothing(`waits for a person: approval_strategy of ${name} is manual for ${result}`);
  }
  return finished(triggered, 'pass', `approved: approval_strategy of ${name} is automatic for ${result}`);
}

/** The kind of the answer that this service gives, so that there is one at most, whoever decides through it. */
export const APPROVAL_ANSWER = 'approval.finished';

function finished(triggered: ContextEvent, result: 'pass' | 'fail', because: string): Decision {
  return { because, follows: [answerTo(triggered, { result, status: 'succeeded' }, because)] };
}

/** The answer to an approval: its data, and the decision. */
export function answerTo(triggered: ContextEvent, approval: ApprovalAnswer, because: string): FollowUp {
  const given = ['teststrategy', 'deploymentstrategy', 'image', 'tag'].filter(
    (field) => textOf(triggered, field) !== '',
  );
  return {
    sender: GATEKEEPER,
    cause: triggered,
    kind: APPROVAL_ANSWER,
    type: KeptnEventType.approvalFinished,
    triggeredid: triggered.id,
    data: {
      ...subjectOf(triggered),
      ...Object.fromEntries(given.map((field) => [field, textOf(triggered, field)])),
      labels: labelsOf(triggered),
      approval: { ...approval },
      ...reasonOf(triggered, because),
    },
  };
}
