import { isImported, KeptnEventType } from '@keptn/event-models';
import { notEvaluated } from '@keptn/quality-gate';
import { LOGGER, Readiness, SETTINGS } from '@keptn/service-kit';
import { type Deadline, Deadlines, EventLog, FollowUps } from '@keptn/service-kit/reacting';
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

/** Ends evaluations whose SLI provider does not answer: `failed`, naming the provider. */
@Injectable()
export class EvaluationDeadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly deadlines: Deadlines;

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

  /** A question is being asked. @param id of the `get-sli` */
  begin(id: string): void {
    this.deadlines.set(this.deadlineOf(id, Date.now()));
  }

  end(id: string): void {
    this.deadlines.remove(id);
  }

  private deadlineOf(id: string, askedAt: number): Deadline {
    // A moment more than the provider has, since the log's clock gives the time that counts.
    const at = new Date(askedAt + this.settings.EVALUATION_TIMEOUT_MS + MOMENT_MS);
    return { key: id, at, act: () => this.timeOut(id) };
  }

  private async timeOut(id: string): Promise<void> {
    const [question, end] = await Promise.all([
      this.log.event(id, EVALUATION_SENDER),
      this.log.event(evaluationDoneId({ id, source: EVALUATION_SENDER }), EVALUATION_SENDER),
    ]);
    if (question === undefined || end !== undefined) return;
    if (await this.answers.isAnswered(question)) return;
    const provider = textOf(dataOf(question), 'sliProvider');
    const seconds = this.settings.EVALUATION_TIMEOUT_MS / 1_000;
    const message = `SLI provider "${provider}" did not answer within ${seconds} s`;
    const outcome = { evaluation: notEvaluated('failed', message), sloText: '', reasons: [message] };
    const subject = subjectOf(question);
    await this.followUps.send([evaluationDone(question, question.triggeredid, subject, outcome)]);
    this.metrics.ended(subject, outcome);
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
      if (isOpen) yield this.deadlineOf(id, Date.parse(time));
    }
  }
}

const MOMENT_MS = 50;
