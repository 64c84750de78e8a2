import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';
import { Metrics } from '../metrics/metrics';

export type ReactionOutcome = 'done' | 'refused' | 'failed';

/** How long reactions take, by event type and outcome. Only types that the service reacts to become labels. */
@Injectable()
export class ReactionMetrics {
  private readonly durations: Histogram<'type' | 'outcome'>;

  constructor(metrics: Metrics) {
    this.durations = metrics.durations({
      name: 'keptn_reaction_duration_seconds',
      help: 'Time from an event until what follows from it is durable in the log',
      labelNames: ['type', 'outcome'],
    });
  }

  /** @returns to be called at the end of the reaction */
  start(type: string): (outcome: ReactionOutcome) => void {
    const end = this.durations.startTimer({ type });
    return (outcome) => {
      end({ outcome });
    };
  }
}
