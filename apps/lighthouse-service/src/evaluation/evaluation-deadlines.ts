import { isImported, KeptnEventType } from '@keptn/event-models';
import { notEvaluated } from '@keptn/quality-gate';
import { LOGGER, Readiness, SETTINGS } from '@keptn/service-kit';
import { type Deadline, Deadlines, EventLog, FollowUps, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type Settings } from '../settings';
import { evaluationDone, evaluationDoneId, EVALUATION_SENDER } from './evaluation-events';
import { EvaluationMetrics } from './evaluation-metrics';
import { SliAnswers } from './sli-answers';
import { dataOf, subjectOf, textOf } from './subject';

/** How far the log is searched for questions without an answer, at a start and then; a week of standstill leaves none open. */
const SEARCHED_MS = 7 * 86_400_000;

/** Between two looks for questions that another replica has asked and forgotten. */
const REREAD_MS = 300_000;

/** What an answer takes beside the queries: files, and the way into the log. */
const AROUND_QUERIES_MS = 30_000;

/**
 * Ends evaluations whose SLI provider does not answer, or with whose answer nothing could be done: `failed`, naming the provider. One
 * that is built in is asked again before, should nothing have come of the first time.
 */
@Injectable()
export class EvaluationDeadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly deadlines: Deadlines;
  private ask: (question: LoggedEvent) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly answers: SliAnswers,
    private readonly followUps: FollowUps,
    private readonly metrics: EvaluationMetrics,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
    readiness: Readiness,
  ) {
    this.deadlines = new Deadlines({
      openDeadlines: () => this.openDeadlines(),
      rereadMs: REREAD_MS,
      logger,
      readiness,
    });
  }

  onApplicationBootstrap(): void {
    this.deadlines.onApplicationBootstrap();
  }

  onModuleDestroy(): Promise<void> {
    return this.deadlines.onModuleDestroy();
  }

  /** @param ask is called with questions that are still open when they should have been answered */
  askAgainBy(ask: (question: LoggedEvent) => Promise<void>): void {
    this.ask = ask;
  }

  /** A question is being asked. @param id of the `get-sli` */
  begin(id: string): void {
    for (const deadline of this.deadlinesOf(id, Date.now())) this.deadlines.set(deadline);
  }

  end(id: string): void {
    this.deadlines.remove(id);
    this.deadlines.remove(repeatOf(id));
  }

  private deadlinesOf(id: string, askedAt: number): readonly Deadline[] {
    const { EVALUATION_TIMEOUT_MS, SLI_QUERY_TIMEOUT_MS } = this.settings;
    return [
      {
        key: repeatOf(id),
        at: new Date(askedAt + SLI_QUERY_TIMEOUT_MS + AROUND_QUERIES_MS),
        act: () => this.askAgain(id),
      },
      {
        key: id,
        // A moment more than the provider has, since the log's clock gives the time that counts.
        at: new Date(askedAt + EVALUATION_TIMEOUT_MS + MOMENT_MS),
        act: () => this.timeOut(id),
      },
    ];
  }

  /** By now there is an answer, or whoever asked has stopped or failed. */
  private async askAgain(id: string): Promise<void> {
    const question = await this.openQuestion(id);
    if (question !== undefined) await this.ask(question);
  }

  private async timeOut(id: string): Promise<void> {
    const question = await this.openQuestion(id);
    if (question === undefined) return;
    const isAnswered = await this.answers.isAnswered(question);
    const seconds = this.settings.EVALUATION_TIMEOUT_MS / 1_000;
    // The reaction to the answer tries for as long before it ends the evaluation.
    const lastAt = Date.parse(question.time) + 2 * this.settings.EVALUATION_TIMEOUT_MS + MOMENT_MS;
    if (isAnswered && Date.now() < lastAt) {
      this.deadlines.set({ key: id, at: new Date(lastAt), act: () => this.timeOut(id) });
      return;
    }
    const provider = textOf(dataOf(question), 'sliProvider');
    const message = isAnswered
      ? `the answer of SLI provider "${provider}" could not be evaluated within ${seconds} s`
      : `SLI provider "${provider}" did not answer within ${seconds} s`;
    const outcome = { evaluation: notEvaluated('failed', message), sloText: '', reasons: [message] };
    const subject = subjectOf(question);
    await this.followUps.send([evaluationDone(question, question.triggeredid, subject, outcome)]);
    this.metrics.ended(subject, outcome);
    this.end(id);
  }

  /** @returns undefined when it was never asked, or its evaluation has ended */
  private async openQuestion(id: string): Promise<LoggedEvent | undefined> {
    const [question, end] = await Promise.all([
      this.log.event(id, EVALUATION_SENDER),
      this.log.event(evaluationDoneId({ id, source: EVALUATION_SENDER }), EVALUATION_SENDER),
    ]);
    return end === undefined ? question : undefined;
  }

  private async *openDeadlines(): AsyncGenerator<Deadline> {
    const fromTime = new Date(Date.now() - SEARCHED_MS).toISOString();
    const ended = new Set<string>();
    for await (const { id } of this.log.events({
      type: KeptnEventType.evaluationDone,
      source: EVALUATION_SENDER,
      fromTime,
    })) {
      ended.add(id);
    }
    for await (const question of this.log.events({
      type: KeptnEventType.getSli,
      source: EVALUATION_SENDER,
      fromTime,
    })) {
      const { id, time } = question;
      const isOpen = !isImported(question) && !ended.has(evaluationDoneId({ id, source: EVALUATION_SENDER }));
      if (isOpen) yield* this.deadlinesOf(id, Date.parse(time));
    }
  }
}

const MOMENT_MS = 50;

/** Key of the deadline by which a question is asked again. */
const repeatOf = (id: string): string => `${id} again`;
