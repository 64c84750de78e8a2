import { randomUUID } from 'node:crypto';
import { type SubscriptionSpec } from '@keptn/api-models';
import { isDuplicateKey, writeInGroups } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { type Connection, Model } from 'mongoose';
import { type Checkpoint } from './checkpoint';
import {
  type StoredReplay,
  type StoredSecret,
  type SubscriptionReach,
  SubscriptionRecord,
} from './subscription.schema';

/** Where mongodb-datastore kept the positions of its subscribers when it delivered by itself. */
const FORMER_POSITIONS = 'logCursors';
const formerNameOf = (url: string): string => `subscriber ${url}`;

/** How a subscription fares, as far as it is remembered. */
export interface DeliveryProgress {
  readonly name: string;
  readonly generation: string;
  readonly checkpoint: Checkpoint;
  readonly lastSuccessAt?: Date | undefined;
  readonly lastErrorAt?: Date | undefined;
  readonly lastError?: string | undefined;
  readonly failingSince?: Date | undefined;
}

/** How far a replay has come. */
export interface ReplayProgress {
  readonly name: string;
  readonly replay: StoredReplay;
  readonly isDone: boolean;
}

export interface NewSubscriptionRecord {
  readonly name: string;
  readonly origin: SubscriptionRecord['origin'];
  readonly spec: SubscriptionSpec;
  readonly reach?: SubscriptionReach;
  readonly position: number;
  readonly secrets?: SubscriptionRecord['secrets'];
  readonly secretHeaders?: Readonly<Record<string, StoredSecret>>;
}

export type SubscriptionChange = Partial<
  Pick<
    SubscriptionRecord,
    'failingSince' | 'reach' | 'replay' | 'secretHeaders' | 'secrets' | 'spec' | 'state' | 'stateReason'
  >
>;

/** Subscriptions and their positions. */
@Injectable()
export class SubscriptionStore {
  constructor(
    @InjectModel(SubscriptionRecord.name) private readonly records: Model<SubscriptionRecord>,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  all(): Promise<SubscriptionRecord[]> {
    return this.records.find({}).sort({ _id: 1 }).lean<SubscriptionRecord[]>().exec();
  }

  find(name: string): Promise<SubscriptionRecord | null> {
    return this.records
      .findOne({ _id: { $eq: name } })
      .lean<SubscriptionRecord | null>()
      .exec();
  }

  /** @returns false when there is one of this name */
  async add({ name, spec, secretHeaders = {}, secrets = [], ...rest }: NewSubscriptionRecord): Promise<boolean> {
    const now = new Date();
    try {
      await this.records.create({
        ...rest,
        _id: name,
        spec: JSON.stringify(spec),
        secretHeaders: JSON.stringify(secretHeaders),
        secrets,
        state: 'active',
        generation: randomUUID(),
        open: [],
        createdAt: now,
        updatedAt: now,
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** @returns false when there is none of this name */
  async change(name: string, change: SubscriptionChange): Promise<boolean> {
    const { stateReason, ...rest } = change;
    const isStateChange = rest.state !== undefined;
    const { matchedCount } = await this.records.updateOne(
      { _id: { $eq: name } },
      {
        $set: { ...rest, updatedAt: new Date(), ...(stateReason !== undefined && { stateReason }) },
        ...(isStateChange && stateReason === undefined && { $unset: { stateReason: true } }),
      },
    );
    return matchedCount === 1;
  }

  /** @returns false when there is none of this name */
  async remove(name: string): Promise<boolean> {
    return (await this.records.deleteOne({ _id: { $eq: name } })).deletedCount === 1;
  }

  /** Remembers how far subscriptions have come. */
  async save(progress: readonly DeliveryProgress[]): Promise<void> {
    await writeInGroups(progress, (group) => this.saveGroup(group));
  }

  /** Remembers how far replays have come. One that was replaced meanwhile is left alone. */
  async saveReplays(progress: readonly ReplayProgress[]): Promise<void> {
    if (progress.length === 0) return;
    await this.records.bulkWrite(
      progress.map(({ name, replay, isDone }) => ({
        updateOne: {
          filter: { _id: name, 'replay.id': replay.id },
          update: { $set: { replay: isDone ? null : replay } },
        },
      })),
      { ordered: false },
    );
  }

  /** Exchanges secrets for the same ones in another form, unless the subscription was changed meanwhile. */
  async replaceSecrets(
    { _id, updatedAt }: SubscriptionRecord,
    secrets: Pick<SubscriptionRecord, 'secretHeaders' | 'secrets'>,
  ): Promise<void> {
    await this.records.updateOne({ _id: { $eq: _id }, updatedAt: { $eq: updatedAt } }, { $set: secrets });
  }

  /**
   * How far the event log itself had delivered to this URL, in the versions that did so.
   *
   * @returns undefined when it never did; 'held' while a replica of such a version still delivers
   */
  async formerPosition(url: string): Promise<number | 'held' | undefined> {
    const cursor = await this.connection
      .collection<{ _id: string; position: number; leasedUntil?: Date }>(FORMER_POSITIONS)
      .findOne({ _id: formerNameOf(url) });
    if (cursor === null) return undefined;
    const isHeld = cursor.leasedUntil !== undefined && cursor.leasedUntil > new Date();
    return isHeld ? 'held' : cursor.position;
  }

  private async saveGroup(progress: readonly DeliveryProgress[]): Promise<void> {
    // Mongoose would look at every field of what is saved each second.
    await this.connection.collection<SubscriptionRecord>(this.records.collection.name).bulkWrite(
      progress.map(({ name, generation, checkpoint, ...outcome }) => ({
        updateOne: {
          filter: { _id: name, generation },
          update: {
            $set: {
              ...checkpoint,
              open: [...checkpoint.open],
              ...given(outcome),
              failingSince: outcome.failingSince ?? null,
            },
          },
        },
      })),
      { ordered: false },
    );
  }
}

/** A field without a value must not overwrite what is stored. */
const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
