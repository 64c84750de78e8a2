import { KeptnEventType } from '@keptn/event-models';
import { type IndicatorValue } from '@keptn/quality-gate';
import { type FollowUp, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { ProviderMetrics } from './provider-metrics';
import { requestOf, SLI_PROVIDERS, type SliProvider, type SliRequest } from './sli-provider';

/** Answers `get-sli` where a provider that is built in is asked; others answer for themselves. */
@Injectable()
export class SliQuestionService {
  private readonly providers: ReadonlyMap<string, SliProvider>;

  constructor(
    @Inject(SLI_PROVIDERS) providers: readonly SliProvider[],
    private readonly metrics: ProviderMetrics,
  ) {
    this.providers = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /** @param question `get-sli` */
  async reactTo(question: LoggedEvent): Promise<readonly FollowUp[]> {
    const request = requestOf(question);
    const indicatorValues = await this.values(request);
    if (indicatorValues === undefined) return [];
    const { provider: _name, indicators: _indicators, filters: _filters, ...echoed } = request;
    return [
      {
        cause: question,
        kind: 'get-sli.done',
        type: KeptnEventType.getSliDone,
        triggeredid: question.id,
        data: { ...echoed, indicatorValues },
      },
    ];
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
    const values = await provider.values(request);
    done(values.every(({ success }) => success) ? 'complete' : 'incomplete');
    return values;
  }
}
