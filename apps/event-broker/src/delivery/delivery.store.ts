import { type DeliveryAttempt, type DeliveryOutcome } from '@keptn/api-models';
import { isDuplicateKey, writeInGroups } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Collection, Model, mongo } from 'mongoose';
import { type LogEvent } from '../log/log-event';
import { DeliveryRecord } from './delivery-record.schema';

/** What is listed of the attempts of one event. */
const KEPT_ATTEMPTS = 10;

/** Digits of the largest sequence number, so that ids order as numbers do. */
const SEQUENCE_DIGITS = String(Number.MAX_SAFE_INTEGER).length;

/** One delivery as it stands after an attempt. */
export interface DeliveryReport {
  readonly subscription: string;
  readonly event: Pick<LogEvent, 'id' | 'keptnContext' | 'project' | 'sequence' | 'source' | 'type'>;
  readonly outcome: DeliveryOutcome;
  readonly attempts: readonly DeliveryAttempt[];
  readonly attemptCount: number;
}

export interface DeliverySearch {
  readonly subscription?: string | undefined;
  readonly eventId?: string | undefined;
  readonly keptnContext?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
  /** Only those before the delivery with this id, or before all of the event with this number. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Only those of events of these projects for these subscriptions. */
  readonly visible?: { readonly projects: readonly string[]; readonly subscriptions: readonly string[] } | undefined;
}

/** What became of events. */
@Injectable()
export class DeliveryStore {
  /** Mongoose would look at every field of all that is delivered. */
  private readonly rawRecords: Collection<DeliveryRecord>;

  constructor(@InjectModel(DeliveryRecord.name) private readonly records: Model<DeliveryRecord>) {
    this.rawRecords = records.db.collection<DeliveryRecord>(records.collection.name);
  }

  /** Of a delivery that was written before the newer report counts. */
  async write(reports: readonly DeliveryReport[]): Promise<void> {
    await writeInGroups(reports, async (group) => {
      const records = group.map(recordOf);
      // Nearly all are accepted at once, and to insert is less work than to look for what there was before.
      const isNew = ({ attemptCount }: DeliveryRecord): boolean => attemptCount === 1;
      const known = await this.insert(records.filter(isNew));
      await this.replace([...known, ...records.filter((record) => !isNew(record))]);
    });
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

  /** The numbers of events behind a position that are listed as waiting for another attempt. */
  async retryingBehind(subscription: string, position: number): Promise<number[]> {
    const found = await this.records
      .find({ subscription: { $eq: subscription }, failure: 'retrying', _id: { $gte: numberedId(position + 1) } })
      .select({ sequence: 1 })
      .lean<Pick<DeliveryRecord, 'sequence'>[]>()
      .exec();
    return found.map(({ sequence }) => sequence);
  }

  /** Newest events first. */
  search({ limit, before, outcome, visible, ...fields }: DeliverySearch): Promise<DeliveryRecord[]> {
    const wanted: Record<string, unknown> = before === undefined ? {} : { _id: { $lt: numberedId(before) } };
    const byOutcome = outcome === 'delivered' ? { outcome } : { failure: outcome };
    for (const [name, value] of Object.entries({ ...fields, ...byOutcome })) {
      if (value !== undefined) wanted[name] = { $eq: value };
    }
    if (visible !== undefined) {
      const { projects, subscriptions } = visible;
      const { subscription: asked } = fields;
      wanted['project'] = { $in: projects };
      wanted['subscription'] = {
        $in: asked === undefined ? subscriptions : subscriptions.filter((name) => name === asked),
      };
    }
    return this.records.find(wanted).sort({ _id: -1 }).limit(limit).lean<DeliveryRecord[]>().exec();
  }

  /** All deliveries of the events of a Keptn context. */
  ofContext(keptnContext: string): Promise<DeliveryRecord[]> {
    return this.records
      .find({ keptnContext: { $eq: keptnContext } })
      .lean<DeliveryRecord[]>()
      .exec();
  }

  /**
   * Removes what was delivered before a time.
   *
   * @param sequence of the first event that was stored since then: events are not delivered before they are stored
   */
  async removeBefore(time: Date, sequence: number): Promise<void> {
    await this.records.deleteMany({ _id: { $lt: numberedId(sequence) }, lastAttemptAt: { $lt: time } });
  }

  async removeOf(subscription: string): Promise<void> {
    await this.records.deleteMany({ subscription: { $eq: subscription } });
  }

  /** @returns those that there are already */
  private async insert(records: readonly DeliveryRecord[]): Promise<readonly DeliveryRecord[]> {
    if (records.length === 0) return [];
    try {
      await this.rawRecords.insertMany([...records], { ordered: false, ignoreUndefined: true });
      return [];
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
      return [error.writeErrors].flat().flatMap(({ index }) => records[index] ?? []);
    }
  }

  private async replace(records: readonly DeliveryRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.rawRecords.bulkWrite(
      records.map((record) => ({ replaceOne: { filter: { _id: record._id }, replacement: record, upsert: true } })),
      { ordered: false, ignoreUndefined: true },
    );
  }
}

/** Where the deliveries of an event begin; an id stays as it is. */
const numberedId = (sequence: number | string): string => String(sequence).padStart(SEQUENCE_DIGITS, '0');

const idOf = (subscription: string, sequence: number): string => `${numberedId(sequence)}:${subscription}`;

function recordOf({ subscription, event, outcome, attempts, attemptCount }: DeliveryReport): DeliveryRecord {
  const { id, keptnContext, project, sequence, source, type } = event;
  return {
    _id: idOf(subscription, sequence),
    subscription,
    sequence,
    eventId: id,
    source,
    type,
    ...(keptnContext !== undefined && { keptnContext }),
    ...(project !== undefined && { project }),
    outcome,
    ...(outcome !== 'delivered' && { failure: outcome }),
    attempts: attempts.slice(-KEPT_ATTEMPTS),
    attemptCount,
    lastAttemptAt: new Date(attempts.at(-1)?.at ?? Date.now()),
  };
}
