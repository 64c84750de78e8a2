import { type DeliveryAttempt } from '@keptn/api-models';
import { LISTED_OF_ANSWER, type SinkAnswer } from '../sink/sink';

/** An attempt as it is listed. */
export function attemptOf({ status, error, answer }: SinkAnswer, startedAt: Date): DeliveryAttempt {
  return {
    at: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
    ...(answer !== undefined && { answer: answer.slice(0, LISTED_OF_ANSWER) }),
  };
}
