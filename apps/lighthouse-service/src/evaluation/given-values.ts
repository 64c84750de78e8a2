import { type JsonValue, KeptnEventType } from '@keptn/event-models';
import { type EvaluationSubject, indicatorValuesOf } from '@keptn/quality-gate';
import { type FollowUp, followUpId, type LoggedEvent } from '@keptn/service-kit/reacting';
import { EVALUATION_SENDER, questionCause } from './evaluation-events';

/** The provider of evaluations whose values are in the event that starts them. */
export const GIVEN_VALUES = 'indicatorValues';

const KIND = 'get-sli.done of given values';

/** Who starts an evaluation may give its values, and needs no monitoring tool. The log shows them as the answer of a provider. */
export function givenAnswer(start: LoggedEvent, subject: EvaluationSubject, values: readonly JsonValue[]): FollowUp {
  const question = questionCause(start);
  return {
    cause: question,
    kind: KIND,
    type: KeptnEventType.getSliDone,
    triggeredid: question.id,
    data: { ...subject, deployment: '', indicatorValues: indicatorValuesOf(values) },
  };
}

/** Whether an answer is a {@link givenAnswer}. @param answer `get-sli.done` */
export function isGivenAnswer({ id, source, triggeredid }: LoggedEvent): boolean {
  if (source !== EVALUATION_SENDER || triggeredid === undefined) return false;
  return id === followUpId(EVALUATION_SENDER, { id: triggeredid, source: EVALUATION_SENDER }, KIND);
}
