import { randomUUID } from 'node:crypto';
import { isDuplicateKey } from '@keptn/mongodb-connection';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { type MongodbDatastoreSettings } from '../settings';
import { LogCursor } from './log-cursor.schema';

const NEVER_LEASED = new Date(0);

/** Begins the names of readers that are no part of this service. */
const OUTSIDE = 'reader ';
/** The first text that does not begin so. */
const BEHIND_OUTSIDE = 'reader!';

/**
 * Positions and leases of readers. A lease is a matter of efficiency, not of safety: should clocks of replicas differ by more
 * than the lease, two of them read in the same name and events are handed over twice, never lost.
 */
@Injectable()
export class LogCursors {
  private readonly owner = randomUUID();

  constructor(
    @InjectModel(LogCursor.name) private readonly cursors: Model<LogCursor>,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {}

  /** How often a holder must renew its lease, in milliseconds. */
  get renewalIntervalMs(): number {
    return this.settings.READER_LEASE_MS / 3;
  }

  /** @returns where to read on, or undefined while another replica reads in this name */
  async lease(reader: string): Promise<number | undefined> {
    const isFree = { $or: [{ owner: this.owner }, { leasedUntil: { $lt: new Date() } }] };
    try {
      const cursor = await this.cursors
        .findOneAndUpdate(
          // Of one that is alone, the holder is itself or is gone.
          { _id: { $eq: reader }, ...(!this.settings.ONLY_REPLICA && isFree) },
          { $set: { owner: this.owner, leasedUntil: this.leaseEnd() }, $max: { position: 0 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<LogCursor | null>();
      return cursor?.position;
    } catch (error) {
      // The cursor exists and its lease is another's: the upsert tried to make a second one.
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /**
   * Notes how far the reader has come and renews its lease.
   *
   * @returns false when the lease is another's by now
   */
  async advance(reader: string, position: number): Promise<boolean> {
    const { matchedCount } = await this.cursors.updateOne(
      { _id: { $eq: reader }, owner: this.owner },
      { $max: { position }, $set: { leasedUntil: this.leaseEnd() } },
    );
    return matchedCount === 1;
  }

  /** Remembers how far a reader outside of this service has come. */
  async announce(reader: string, position: number): Promise<void> {
    await this.cursors.updateOne(
      { _id: { $eq: OUTSIDE + reader } },
      { $set: { position, leasedUntil: NEVER_LEASED } },
      { upsert: true },
    );
  }

  /** Up to which sequence number a reader, and all outside of this service, are done; 0 as long as it has not begun. */
  async passedByAll(reader: string): Promise<number> {
    const positionOf = { position: 1 } as const;
    const own = await this.cursors.findOne({ _id: { $eq: reader } }, positionOf).lean<LogCursor | null>();
    const others = await this.cursors
      .find({ _id: { $gte: OUTSIDE, $lt: BEHIND_OUTSIDE } }, positionOf)
      .lean<LogCursor[]>();
    return Math.min(own?.position ?? 0, ...others.map(({ position }) => position));
  }

  /** Lets another replica take over at once. */
  async release(reader: string): Promise<void> {
    await this.cursors.updateOne(
      { _id: { $eq: reader }, owner: this.owner },
      { $set: { leasedUntil: NEVER_LEASED }, $unset: { owner: true } },
    );
  }

  private leaseEnd(): Date {
    return new Date(Date.now() + this.settings.READER_LEASE_MS);
  }
}
