import { isJsonObject, type JsonObject, parseJson } from '@keptn/event-models';
import { type ContextEvent, fieldsOf } from '../context-event';

/** How a task of the execution plane ended: what the receiver of the event that asks for it has answered. */
export interface TaskOutcome {
  /** Name of the subscription. */
  readonly by: string;
  /** Why the task failed; undefined when it did not. */
  readonly failure: string | undefined;
  /** What the receiver said; empty when it was no JSON object. */
  readonly answer: JsonObject;
  readonly startedAt: string;
  readonly endedAt: string;
}

const FAILED = new Set(['fail', 'failed']);

export function outcomeIn(finished: ContextEvent): TaskOutcome {
  const given = fieldsOf(finished)['delivery'];
  const report = isJsonObject(given) ? given : {};
  const text = (name: string): string => {
    const value = report[name];
    return typeof value === 'string' ? value : '';
  };
  const answer = answerIn(text('answer'));
  const isAccepted = text('outcome') === 'accepted';
  const answered = failureIn(answer);
  return {
    by: text('subscription'),
    failure: isAccepted ? answered : text('error') || 'it was refused',
    answer,
    startedAt: instantOr(text('startedAt'), finished.time),
    endedAt: instantOr(text('endedAt'), finished.time),
  };
}

const instantOr = (text: string, otherwise: string): string => (Number.isNaN(Date.parse(text)) ? otherwise : text);

/** What an answer says of a task that failed although the event was accepted. */
function failureIn({ result, message }: JsonObject): string | undefined {
  if (typeof result !== 'string' || !FAILED.has(result)) return undefined;
  return typeof message === 'string' && message !== '' ? message : `the result is ${result}`;
}

/** The JSON object that an answer is, or that its last line is, behind what a command has printed. */
function answerIn(text: string): JsonObject {
  const whole = text.trim();
  return objectIn(whole) ?? objectIn(whole.slice(whole.lastIndexOf('\n') + 1)) ?? {};
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
