import { KeptnEventType } from '@keptn/event-models';
import { EventLog, EventRefused, type LoggedEvent, type NumberedEvent } from '@keptn/service-kit/reacting';
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
  readonly answers: readonly NumberedEvent[];
  /** By the ids of questions, the sequence numbers under which their evaluations ended. */
  readonly ends: ReadonlyMap<string, number>;
}

/**
 * Providers of Keptn 0.7 do not say which question they answer, and two evaluations of one service may be under way in one context.
 * So each answer takes the oldest question of its time frame that no earlier answer has taken, and whose evaluation was under way.
 */
export function questionOf(answer: LoggedEvent, { questions, answers, ends }: Exchange): AnsweredQuestion {
  if (questions.length === 0) return { kind: 'unasked' };
  const taken = new Set<LoggedEvent>();
  const position = answers.findIndex(({ id }) => id === answer.id);
  const came = position < 0 ? [...answers, { ...answer, sequence: Infinity }] : answers.slice(0, position + 1);
  for (const each of came) {
    const open = questions.filter(({ id }) => (ends.get(id) ?? Infinity) >= each.sequence);
    const question = takenBy(each, questions, new Set(open.filter((asked) => !taken.has(asked))));
    if (each.id === answer.id) {
      return question === undefined ? { kind: 'answered before' } : { kind: 'asked', question };
    }
    if (question !== undefined) taken.add(question);
  }
  return { kind: 'answered before' };
}

/** A provider may name the question, or what started the evaluation; other names say nothing. */
function takenBy(
  answer: LoggedEvent,
  questions: readonly LoggedEvent[],
  open: ReadonlySet<LoggedEvent>,
): LoggedEvent | undefined {
  const { triggeredid } = answer;
  const named =
    triggeredid === undefined
      ? []
      : questions.filter((question) => question.id === triggeredid || question.triggeredid === triggeredid);
  if (named.length > 0) return named.find((question) => open.has(question));
  const [oldest] = open;
  return [...open].find((question) => frameOf(question) === frameOf(answer)) ?? oldest;
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

  /** What cannot be understood is left out. */
  private async exchange(event: LoggedEvent): Promise<Exchange> {
    const { shkeptncontext } = event;
    if (shkeptncontext === undefined) return { questions: [], answers: [], ends: new Map() };
    const events = await this.log.context(shkeptncontext);
    const ofService = events.filter((each) => SLI_TYPES.has(each.type) && isOfSameService(each, event));
    const questions = ofService.filter(
      ({ type, source }) => type === KeptnEventType.getSli && source === EVALUATION_SENDER,
    );
    const numbers = new Map(events.map(({ id, source, sequence }) => [keyOf({ id, source }), sequence]));
    return {
      questions,
      answers: ofService.filter(({ type }) => type === KeptnEventType.getSliDone),
      ends: new Map(
        questions.flatMap((question) => {
          const end = numbers.get(keyOf({ id: evaluationDoneId(question), source: EVALUATION_SENDER }));
          return end === undefined ? [] : [[question.id, end]];
        }),
      ),
    };
  }

  /** A second answer that names the same question changes nothing: the end of the evaluation is stored once. */
  private async namedQuestion(answer: LoggedEvent): Promise<LoggedEvent | undefined> {
    if (answer.triggeredid === undefined) return undefined;
    const question = await this.log.event(answer.triggeredid, EVALUATION_SENDER);
    return question !== undefined && isQuestionOf(answer, question) ? question : undefined;
  }
}

const SLI_TYPES: ReadonlySet<string> = new Set([KeptnEventType.getSli, KeptnEventType.getSliDone]);

const keyOf = ({ id, source }: Pick<LoggedEvent, 'id' | 'source'>): string => JSON.stringify([id, source]);

const isQuestionOf = (answer: LoggedEvent, question: LoggedEvent): boolean =>
  question.type === KeptnEventType.getSli &&
  question.shkeptncontext === answer.shkeptncontext &&
  isOfSameService(question, answer);

function isOfSameService(one: LoggedEvent, other: LoggedEvent): boolean {
  try {
    const [subject, otherSubject] = [subjectOf(one), subjectOf(other)];
    return (['project', 'stage', 'service'] as const).every((name) => subject[name] === otherSubject[name]);
  } catch (error) {
    if (error instanceof EventRefused) return false;
    throw error;
  }
}
