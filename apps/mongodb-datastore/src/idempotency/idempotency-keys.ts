import { createHash, randomUUID } from 'node:crypto';
import { isDuplicateKey } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { IdempotencyKey } from './idempotency-key.schema';

/** How long a key is kept from its first use on, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;

/** Pause between two removals of keys that are no longer kept, in milliseconds. */
const REMOVAL_INTERVAL_MS = 3_600_000;

/** Which request came first with a key: durable, and the same at every replica. */
@Injectable()
export class IdempotencyKeys {
  private nextRemovalAt = 0;

  constructor(@InjectModel(IdempotencyKey.name) private readonly keys: Model<IdempotencyKey>) {}

  /** @returns the first use of the key within the last 24 hours, which may be this one */
  async claim(key: string, fingerprint: string): Promise<IdempotencyKey> {
    const now = Date.now();
    const bygone = new Date(now - KEPT_MS);
    await this.removeBefore(bygone, now);
    const _id = createHash('sha256').update(key).digest('hex');
    try {
      const claimed = await this.keys
        .findOneAndUpdate(
          { _id: { $eq: _id }, firstUse: { $lte: bygone } },
          { $set: { fingerprint, seed: randomUUID(), firstUse: new Date(now) } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<IdempotencyKey | null>();
      if (claimed !== null) return claimed;
    } catch (error) {
      // The key is in use: the upsert tried to make a second record of it.
      if (!isDuplicateKey(error)) throw error;
    }
    const first = await this.keys.findOne({ _id: { $eq: _id } }).lean<IdempotencyKey | null>();
    return first ?? this.claim(key, fingerprint);
  }

  private async removeBefore(bygone: Date, now: number): Promise<void> {
    if (now < this.nextRemovalAt) return;
    this.nextRemovalAt = now + REMOVAL_INTERVAL_MS;
    await this.keys.deleteMany({ firstUse: { $lte: bygone } });
  }
}
