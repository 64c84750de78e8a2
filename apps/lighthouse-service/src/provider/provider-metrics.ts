import { Metrics } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';

/** How long the built-in providers take, by whether they found every value. */
@Injectable()
export class ProviderMetrics {
  private readonly durations: Histogram<'provider' | 'outcome'>;

  constructor(metrics: Metrics) {
    this.durations = metrics.durations({
      name: 'keptn_sli_provider_duration_seconds',
      help: 'Time until an SLI provider had asked for all indicators of an evaluation',
      labelNames: ['provider', 'outcome'],
    });
  }

  /** @returns to be called at the end */
  start(provider: string): (outcome: 'complete' | 'incomplete') => void {
    const end = this.durations.startTimer({ provider });
    return (outcome) => {
      end({ outcome });
    };
  }
}
