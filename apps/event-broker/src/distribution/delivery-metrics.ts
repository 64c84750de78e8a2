import { type DeliveryOutcome } from '@keptn/api-models';
import { type Metrics } from '@keptn/service-kit';
import { Counter, Gauge } from 'prom-client';

/** What operators see of deliveries. */
export class DeliveryMetrics {
  private readonly attempts: Counter<'outcome' | 'subscription'>;
  private readonly lag: Gauge<'subscription'>;

  constructor({ registry }: Metrics) {
    this.attempts = new Counter({
      name: 'broker_deliveries_total',
      help: 'Attempts to deliver an event, by what they came to',
      labelNames: ['subscription', 'outcome'],
      registers: [registry],
    });
    this.lag = new Gauge({
      name: 'broker_subscription_lag',
      help: 'Sequence numbers between the oldest event that is not done and the end of the log',
      labelNames: ['subscription'],
      registers: [registry],
    });
  }

  count(subscription: string, outcome: DeliveryOutcome): void {
    this.attempts.inc({ subscription, outcome });
  }

  setLag(subscription: string, lag: number): void {
    this.lag.set({ subscription }, lag);
  }

  forget(subscription: string): void {
    this.lag.remove({ subscription });
  }
}
