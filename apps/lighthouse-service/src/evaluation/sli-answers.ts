import { KeptnEventType } from '@keptn/event-models';
import { EventLog, EventRefused, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { EVALUATION_SENDER } from './evaluation-events';
import { subjectOf } from './subject';

/** Which question an answer belongs to: one of the evaluations that are under way in its context, or none. */
export type AnsweredQuestion =
  | { readonly kind: 'asked'; readonly question: LoggedEvent }
  /** Nobody asked: the answer alone starts an evaluation, as in Keptn 0.7. */
  | { readonly kind: 'unasked' }
  /** Everything that was asked had an answer before. */
  | { readonly kind: 'answered before' };

/**
 * Providers of Keptn 0.7 do not say which question they answer, and two evaluations of one service may be under way in one context.
 * So each answer takes the oldest question of its time frame that no earlier answer has taken.
 *
 * @param questions `get-sli` of the service in the context, oldest first
 * @param answers `get-sli.done` likewise; it may lack the answer
 */
export function questionOf(
  answer: LoggedEvent,
  questions: readonly LoggedEvent[],
  answers: readonly LoggedEvent[],
): AnsweredQuestion {
  if (questions.length === 0) return { kind: 'unasked' };
  const open = [...questions];
  const position = answers.findIndex(({ id }) => id === answer.id);
  for (const each of [...(position < 0 ? answers : answers.slice(0, position)), answer]) {
    const question = takenBy(each, open);
    if (each === answer) return question === undefined ? { kind: 'answered before' } : { kind: 'asked', question };
    if (question !== undefined) open.splice(open.indexOf(question), 1);
  }
  return { kind: 'answered before' };
}

function takenBy(answer: LoggedEvent, open: readonly LoggedEvent[]): LoggedEvent | undefined {
  if (answer.triggeredid !== undefined) return open.find(({ id }) => id === answer.triggeredid);
  return open.find((question) => frameOf(question) === frameOf(answer)) ?? open[0];
}

const frameOf = (event: LoggedEvent): string => {
  const { start, end } = subjectOf(event);
  return JSON.stringify([start, end]);
};

/** Finds the question of an answer in the log. */
@Injectable()
export class SliAnswers {
  constructor(private readonly log: EventLog) {}

  async questionOf(answer: LoggedEvent): Promise<AnsweredQuestion> {
    const named = await this.namedQuestion(answer);
    if (named !== undefined) return { kind: 'asked', question: named };
    const { questions, answers } = await this.exchange(answer);
    return questionOf(answer, questions, answers);
  }

  /** Whether an answer to a question has come. Then the reaction to it ends the evaluation: it is delivered until that is done. */
  async isAnswered(question: LoggedEvent): Promise<boolean> {
    if (question.shkeptncontext === undefined) return false;
    const { questions, answers } = await this.exchange(question);
    return answers.some((answer) => {
      const answered = questionOf(answer, questions, answers);
      return answered.kind === 'asked' && answered.question.id === question.id;
    });
  }

  /** What was asked and answered about the service in the context of an event, without what cannot be understood. */
  private async exchange(event: LoggedEvent) {
    const { project, stage, service } = subjectOf(event);
    const where = { keptnContext: event.shkeptncontext, project, stage, service };
    const [questions, answers] = await Promise.all([
      this.log.list({ ...where, type: KeptnEventType.getSli, source: EVALUATION_SENDER }),
      this.log.list({ ...where, type: KeptnEventType.getSliDone }),
    ]);
    return { questions: questions.filter(isUnderstood), answers: answers.filter(isUnderstood) };
  }

  /** A second answer that names the same question changes nothing: the end of the evaluation is stored once. */
  private async namedQuestion(answer: LoggedEvent): Promise<LoggedEvent | undefined> {
    if (answer.triggeredid === undefined) return undefined;
    const question = await this.log.event(answer.triggeredid, EVALUATION_SENDER);
    return question !== undefined && isQuestionOf(answer, question) ? question : undefined;
  }
}

function isUnderstood(event: LoggedEvent): boolean {
  try {
    subjectOf(event);
    return true;
  } catch (error) {
    if (error instanceof EventRefused) return false;
    throw error;
  }
}

function isQuestionOf(answer: LoggedEvent, question: LoggedEvent): boolean {
  if (question.type !== KeptnEventType.getSli || question.shkeptncontext !== answer.shkeptncontext) return false;
  const [asked, answered] = [subjectOf(question), subjectOf(answer)];
  return (['project', 'stage', 'service'] as const).every((name) => asked[name] === answered[name]);
}
