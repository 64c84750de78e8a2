import { type DeliveryAttempt, type DeliveryOutcome } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { type LogEvent } from '../log/log-event';
import { DeliveryRecord } from './delivery-record.schema';

/** What is listed of the attempts of one event. */
const KEPT_ATTEMPTS = 10;

/** One delivery as it stands after an attempt. */
export interface DeliveryReport {
  readonly subscription: string;
  readonly event: Pick<LogEvent, 'id' | 'keptnContext' | 'sequence' | 'source' | 'type'>;
  readonly outcome: DeliveryOutcome;
  readonly attempts: readonly DeliveryAttempt[];
  readonly attemptCount: number;
}

export interface DeliverySearch {
  readonly subscription?: string | undefined;
  readonly eventId?: string | undefined;
  readonly keptnContext?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
  /** Only those of events before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What became of events. */
@Injectable()
export class DeliveryStore {
  constructor(@InjectModel(DeliveryRecord.name) private readonly records: Model<DeliveryRecord>) {}

  async write(reports: readonly DeliveryReport[]): Promise<void> {
    if (reports.length === 0) return;
    await this.records.bulkWrite(
      reports.map((report) => {
        const { _id, ...fields } = recordOf(report);
        return { updateOne: { filter: { _id }, update: { $set: fields }, upsert: true } };
      }),
      { ordered: false },
    );
  }

  find(subscription: string, sequence: number): Promise<DeliveryRecord | null> {
    return this.records
      .findOne({ _id: { $eq: idOf(subscription, sequence) } })
      .lean<DeliveryRecord | null>()
      .exec();
  }

  /** What is known of these events, by their numbers. */
  async ofEvents(subscription: string, sequences: readonly number[]): Promise<Map<number, DeliveryRecord>> {
    if (sequences.length === 0) return new Map();
    const ids = sequences.map((sequence) => idOf(subscription, sequence));
    const found = await this.records
      .find({ _id: { $in: ids } })
      .lean<DeliveryRecord[]>()
      .exec();
    return new Map(found.map((record) => [record.sequence, record]));
  }

  /** Newest events first. */
  search({ limit, before, ...fields }: DeliverySearch): Promise<DeliveryRecord[]> {
    const wanted: Record<string, unknown> = before === undefined ? {} : { sequence: { $lt: before } };
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) wanted[name] = { $eq: value };
    return this.records.find(wanted).sort({ sequence: -1 }).limit(limit).lean<DeliveryRecord[]>().exec();
  }

  /** All deliveries of some events. */
  of(sequences: readonly number[]): Promise<DeliveryRecord[]> {
    return this.records
      .find({ sequence: { $in: sequences } })
      .lean<DeliveryRecord[]>()
      .exec();
  }

  async removeBefore(time: Date): Promise<void> {
    await this.records.deleteMany({ lastAttemptAt: { $lt: time } });
  }

  async removeOf(subscription: string): Promise<void> {
    await this.records.deleteMany({ subscription: { $eq: subscription } });
  }
}

const idOf = (subscription: string, sequence: number): string => `${subscription}:${sequence}`;

function recordOf({ subscription, event, outcome, attempts, attemptCount }: DeliveryReport): DeliveryRecord {
  const { id, keptnContext, sequence, source, type } = event;
  return {
    _id: idOf(subscription, sequence),
    subscription,
    sequence,
    eventId: id,
    source,
    type,
    ...(keptnContext !== undefined && { keptnContext }),
    outcome,
    attempts: attempts.slice(-KEPT_ATTEMPTS),
    attemptCount,
    lastAttemptAt: new Date(attempts.at(-1)?.at ?? Date.now()),
  };
}
