import { randomUUID } from 'node:crypto';
import { driverCollection, isDuplicateKey } from '@keptn/mongodb-connection';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { type Settings } from '../settings';
import { DistributionLease } from './lease.schema';

const NEVER_LEASED = new Date(0);

/** All that is distributed is distributed by one replica. */
const LEASE = 'lease';

/** The right to distribute, which one replica has at a time. */
@Injectable()
export class Lease {
  private readonly owner = randomUUID();
  private readonly wakers = new Set<() => void>();
  /** Past mongoose: renewals are most of what a broker at rest does. */
  private readonly rawLeases: mongo.Collection<DistributionLease>;

  constructor(
    @InjectModel(DistributionLease.name) private readonly leases: Model<DistributionLease>,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.rawLeases = driverCollection(leases);
  }

  /** How long it lasts without a renewal, in milliseconds. */
  get durationMs(): number {
    return this.settings.DISTRIBUTION_LEASE_MS;
  }

  /**
   * Takes or renews the lease.
   *
   * @returns how often subscriptions were changed so far; undefined while another replica holds the lease
   */
  async hold(): Promise<number | undefined> {
    try {
      const isFree = { $or: [{ owner: this.owner }, { leasedUntil: { $lt: new Date() } }] };
      const lease = await this.rawLeases.findOneAndUpdate(
        // Of one that is alone, the holder is itself or is gone.
        { _id: LEASE, ...(!this.settings.ONLY_REPLICA && isFree) },
        { $set: { owner: this.owner, leasedUntil: new Date(Date.now() + this.durationMs) } },
        { upsert: true, returnDocument: 'after' },
      );
      return lease?.changes ?? 0;
    } catch (error) {
      // The lease exists and is another's: the upsert tried to make a second one.
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** Lets another replica take over at once. */
  async release(): Promise<void> {
    await this.leases.updateOne({ _id: LEASE, owner: this.owner }, { $set: { leasedUntil: NEVER_LEASED } });
  }

  /** Has the replica that distributes look at the subscriptions again: at once if it is this one. */
  async announceChange(): Promise<void> {
    await this.leases.updateOne({ _id: LEASE }, { $inc: { changes: 1 } });
    for (const wake of this.wakers) wake();
  }

  /** Calls `wake` when this replica has changed a subscription, until the returned function is called. */
  onChange(wake: () => void): () => void {
    this.wakers.add(wake);
    return () => this.wakers.delete(wake);
  }
}
