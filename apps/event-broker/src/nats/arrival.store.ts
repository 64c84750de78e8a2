import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { NatsArrival } from './arrival.schema';

/** Identifies an event: by source and id, as the log does. */
export const eventKey = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url');

/** Which events came in over NATS, for all replicas. */
@Injectable()
export class ArrivalStore {
  constructor(@InjectModel(NatsArrival.name) private readonly arrivals: Model<NatsArrival>) {}

  async add(keys: readonly string[]): Promise<void> {
    const at = new Date();
    await this.arrivals.bulkWrite(
      [...new Set(keys)].map((_id) => ({
        updateOne: { filter: { _id }, update: { $set: { at } }, upsert: true },
      })),
      { ordered: false },
    );
  }

  /** @returns which of the events came in over NATS */
  async among(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.arrivals.find({ _id: { $in: [...keys] } }).lean<NatsArrival[]>();
    return new Set(found.map(({ _id }) => _id));
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.arrivals.deleteMany({ _id: { $in: [...keys] } });
  }

  async removeBefore(time: Date): Promise<void> {
    await this.arrivals.deleteMany({ at: { $lt: time } });
  }
}
