import { KeptnEventType } from '@keptn/event-models';
import { type FollowUp, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { ProviderMetrics } from './provider-metrics';
import { requestOf, SLI_PROVIDERS, type SliProvider } from './sli-provider';

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
    const { provider: name, indicators, filters, ...echoed } = requestOf(question);
    const provider = this.providers.get(name);
    if (provider === undefined) return [];
    const done = this.metrics.start(name);
    const indicatorValues = await provider.values({ ...echoed, provider: name, indicators, filters });
    done(indicatorValues.every(({ success }) => success) ? 'complete' : 'incomplete');
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
}
