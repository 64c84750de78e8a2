import { KeptnEventType } from '@keptn/event-models';
import { EventLog, EventRefused, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { EVALUATION_SENDER, evaluationDoneId } from './evaluation-events';
import { subjectOf } from './subject';

/** Which question an answer belongs to: one of the evaluations that are under way in its context, or none. */
export type AnsweredQuestion =
  | { readonly kind: 'asked'; readonly question: LoggedEvent }
  /** Nobody asked: the answer alone starts an evaluation, as in Keptn 0.7. */
  | { readonly kind: 'unasked' }
  /** Everything that was asked had an answer before. */
  | { readonly kind: 'answered before' };

/** What was asked and answered about a service in a Keptn context, oldest first. */
export interface Exchange {
  /** `get-sli` */
  readonly questions: readonly LoggedEvent[];
  /** `get-sli.done`; it may lack the newest */
  readonly answers: readonly LoggedEvent[];
  /** Sequence numbers of events of the context by {@link keyOf}; where they are missing, every evaluation counts as under way. */
  readonly numbers: ReadonlyMap<string, number>;
}

/**
 * Providers of Keptn 0.7 do not say which question they answer, and two evaluations of one service may be under way in one context.
 * So each answer takes the oldest question of its time frame that no earlier answer has taken, and whose evaluation was under way.
 */
export function questionOf(answer: LoggedEvent, { questions, answers, numbers }: Exchange): AnsweredQuestion {
  if (questions.length === 0) return { kind: 'unasked' };
  const numberOf = (event: EventKey): number => numbers.get(keyOf(event)) ?? Infinity;
  const taken = new Set<LoggedEvent>();
  const position = answers.findIndex(({ id }) => id === answer.id);
  for (const each of position < 0 ? [...answers, answer] : answers.slice(0, position + 1)) {
    const open = questions.filter((asked) => !taken.has(asked) && numberOf(endOf(asked)) >= numberOf(each));
    const question = takenBy(each, questions, open);
    if (each.id === answer.id) {
      return question === undefined ? { kind: 'answered before' } : { kind: 'asked', question };
    }
    if (question !== undefined) taken.add(question);
  }
  return { kind: 'answered before' };
}

type EventKey = Pick<LoggedEvent, 'id' | 'source'>;

/** The key of an event as one text. */
export const keyOf = ({ id, source }: EventKey): string => JSON.stringify([id, source]);

/** The event that ends the evaluation of a question. */
export const endOf = (question: LoggedEvent): EventKey => ({
  id: evaluationDoneId(question),
  source: EVALUATION_SENDER,
});

/** A provider may name the question, or what started the evaluation; other names say nothing. */
function takenBy(
  answer: LoggedEvent,
  questions: readonly LoggedEvent[],
  open: readonly LoggedEvent[],
): LoggedEvent | undefined {
  const { triggeredid } = answer;
  const named =
    triggeredid === undefined
      ? []
      : questions.filter((question) => question.id === triggeredid || question.triggeredid === triggeredid);
  if (named.length > 0) return named.find((question) => open.includes(question));
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
    return questionOf(answer, await this.exchange(answer));
  }

  /** Whether an answer to a question has come. Then the reaction to it ends the evaluation: it is delivered until that is done. */
  async isAnswered(question: LoggedEvent): Promise<boolean> {
    if (question.shkeptncontext === undefined) return false;
    const exchange = await this.exchange(question);
    return exchange.answers.some((answer) => {
      const answered = questionOf(answer, exchange);
      return answered.kind === 'asked' && answered.question.id === question.id;
    });
  }

  /** What was asked and answered about the service in the context of an event, without what cannot be understood. */
  private async exchange(event: LoggedEvent): Promise<Exchange> {
    const { project, stage, service } = subjectOf(event);
    const where = { keptnContext: event.shkeptncontext, project, stage, service };
    const [asked, answered] = await Promise.all([
      this.log.list({ ...where, type: KeptnEventType.getSli, source: EVALUATION_SENDER }),
      this.log.list({ ...where, type: KeptnEventType.getSliDone }),
    ]);
    const [questions, answers] = [asked.filter(isUnderstood), answered.filter(isUnderstood)];
    // Of one question every answer is an answer to it, also late.
    return { questions, answers, numbers: questions.length > 1 ? await this.numbersIn(event) : new Map() };
  }

  /** None in a context that is too large to be looked at as a whole: its evaluations have to end all the same. */
  private async numbersIn({ shkeptncontext }: LoggedEvent): Promise<ReadonlyMap<string, number>> {
    if (shkeptncontext === undefined) return new Map();
    try {
      const events = await this.log.context(shkeptncontext);
      return new Map(events.map((event) => [keyOf(event), event.sequence]));
    } catch (error) {
      if (error instanceof EventRefused) return new Map();
      throw error;
    }
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
