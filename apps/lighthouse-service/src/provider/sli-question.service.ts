import { KeptnEventType } from '@keptn/event-models';
import { type IndicatorValue, indicatorValuesOf } from '@keptn/quality-gate';
import { LOGGER, pause, ServiceError, ServiceUnavailable, SETTINGS } from '@keptn/service-kit';
import { EventLog, type FollowUp, FollowUps, followUpId, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { EVALUATION_SENDER } from '../evaluation/evaluation-events';
import { type Settings } from '../settings';
import { ProviderMetrics } from './provider-metrics';
import { noValues, requestOf, SLI_PROVIDERS, type SliProvider, type SliRequest } from './sli-provider';

const KIND = 'get-sli.done';

const FAILED = 'lighthouse-service failed, its log says why';

/** How long a question keeps its sender waiting: event-broker gives up after 30 seconds, and would ask again. */
const LONGEST_WAIT_MS = 25_000;

/** Answers `get-sli` where a provider that is built in is asked; others answer for themselves. */
@Injectable()
export class SliQuestionService implements OnModuleDestroy {
  private readonly providers: ReadonlyMap<string, SliProvider>;
  /** By the id of the answer. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    @Inject(SLI_PROVIDERS) providers: readonly SliProvider[],
    private readonly log: EventLog,
    private readonly followUps: FollowUps,
    private readonly metrics: ProviderMetrics,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.providers = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /**
   * Resolves when the answer is in the log. A question that takes longer than its sender waits goes on all the same; should nothing come
   * of it, EvaluationDeadlines has it asked again.
   *
   * @param question `get-sli`
   */
  async reactTo(question: LoggedEvent, longestWaitMs = LONGEST_WAIT_MS): Promise<readonly FollowUp[]> {
    const waiting = new AbortController();
    try {
      await Promise.race([this.answer(question), pause(longestWaitMs, waiting.signal)]);
    } finally {
      waiting.abort();
    }
    return [];
  }

  /** Asks, unless the answer is in the log or the question is under way. @param question `get-sli` */
  answer(question: LoggedEvent): Promise<void> {
    const id = followUpId(EVALUATION_SENDER, question, KIND);
    const known = this.underWay.get(id);
    if (known !== undefined) return known;
    const answering = this.ask(question, id).finally(() => this.underWay.delete(id));
    this.underWay.set(id, answering);
    return answering;
  }

  /**
   * The values of all indicators that are asked for.
   *
   * @returns undefined where the provider is not built in
   * @throws ServiceError when the question is to be asked again
   */
  async values(request: SliRequest): Promise<readonly IndicatorValue[] | undefined> {
    const provider = this.providers.get(request.provider);
    if (provider === undefined) return undefined;
    const done = this.metrics.start(request.provider);
    const timeout = AbortSignal.timeout(this.settings.SLI_QUERY_TIMEOUT_MS);
    const values = await provider.values(request, AbortSignal.any([this.stopping.signal, timeout]));
    // What is missing then is missing because of us.
    if (this.stopping.signal.aborted) throw new ServiceUnavailable('lighthouse-service is shutting down');
    done(values.every(({ success }) => success) ? 'complete' : 'incomplete');
    return indicatorValuesOf(values);
  }

  /**
   * Ends what is under way; it is asked again by whoever reads the log next. Nest ends EvaluationDeadlines later, which waits for it, since
   * this module imports that one.
   */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.underWay.values());
  }

  private async ask(question: LoggedEvent, answerId: string): Promise<void> {
    const request = requestOf(question);
    if (!this.providers.has(request.provider)) return;
    if ((await this.log.event(answerId, EVALUATION_SENDER)) !== undefined) return;
    const indicatorValues = await this.values(request).catch((error: unknown) => {
      if (!this.isOver(question)) throw error;
      this.logger.error({ err: error }, 'the values of an evaluation could not be asked for in time');
      return noValues(request, error instanceof ServiceError ? error.message : FAILED);
    });
    if (indicatorValues === undefined) return;
    const { provider: _name, indicators: _indicators, filters: _filters, ...echoed } = request;
    await this.followUps.send([
      {
        cause: question,
        kind: KIND,
        type: KeptnEventType.getSliDone,
        triggeredid: question.id,
        data: { ...echoed, indicatorValues },
      },
    ]);
  }

  /** Whether nobody waits for the answer any more. */
  private isOver({ time }: LoggedEvent): boolean {
    return Date.now() > Date.parse(time) + this.settings.EVALUATION_TIMEOUT_MS;
  }
}
