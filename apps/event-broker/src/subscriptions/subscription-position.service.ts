import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DistributionService } from '../distribution/distribution.service';
import { doneUpTo } from '../subscription/checkpoint';
import { SubscriptionNotFound } from '../subscription/subscription.errors';
import { SubscriptionStore } from '../subscription/subscription.store';

/** How long an answer waits for a position, in milliseconds: events are delivered in less, unless something is wrong. */
const LONGEST_WAIT_MS = 2_000;

/** Between two looks, in milliseconds: at the memory of the replica that delivers, and at what it saves every second. */
const PAUSE_MS = { own: 10, saved: 200 };

/** Up to where the log was delivered to a subscription. */
@Injectable()
export class SubscriptionPositionService {
  constructor(
    private readonly distribution: DistributionService,
    private readonly store: SubscriptionStore,
  ) {}

  /**
   * @returns the position as soon as it is `wanted` or later, or what it is after a moment
   * @throws SubscriptionNotFound
   */
  async reached(name: string, wanted: number): Promise<number> {
    const end = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      const own = this.distribution.positionOf(name);
      const position = own ?? (await this.savedPosition(name));
      if (position >= wanted || performance.now() > end) return position;
      await delay(own === undefined ? PAUSE_MS.saved : PAUSE_MS.own);
    }
  }

  private async savedPosition(name: string): Promise<number> {
    const record = await this.store.find(name);
    if (record === null) throw new SubscriptionNotFound(name);
    return doneUpTo(record);
  }
}
