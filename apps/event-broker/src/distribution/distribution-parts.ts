import { LOGGER, Metrics, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { DeliveryJournal } from '../delivery/delivery-journal';
import { DeliveryStore } from '../delivery/delivery.store';
import { Lease } from '../lease/lease';
import { LogClient } from '../log/log-client';
import { type Settings } from '../settings';
import { Sinks } from '../sink/sinks';
import { SecretBox } from '../subscription/secret-box';
import { SubscriptionStore } from '../subscription/subscription.store';
import { DeliveryMetrics } from './delivery-metrics';

/** What a distribution works with. */
@Injectable()
export class DistributionParts {
  readonly metrics: DeliveryMetrics;

  constructor(
    readonly log: LogClient,
    readonly store: SubscriptionStore,
    readonly deliveries: DeliveryStore,
    readonly journal: DeliveryJournal,
    readonly sinks: Sinks,
    readonly secrets: SecretBox,
    readonly lease: Lease,
    @Inject(SETTINGS) readonly settings: Settings,
    @Inject(LOGGER) readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.metrics = new DeliveryMetrics(metrics);
  }
}
