import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/**
 * One stored event. The fields are what queries look at; `event` is the JSON text that is served, kept as text because no
 * other form holds any JSON exactly: BSON has no integers over 2^64, MongoDB rejects or misreads keys with dots and dollars.
 *
 * Shard key of a sharded cluster: `{ id: 1, source: 1 }`. A unique index of a sharded collection must start with the shard
 * key, so this is the one key under which "the same event is stored once" holds in the whole cluster; ids are random, so
 * writes spread evenly, and a lookup by id asks one shard. Queries by project or context ask all shards for one short index
 * range each.
 */
@Schema({ collection: 'events', versionKey: false, autoCreate: false, autoIndex: false })
export class EventRecord {
  /** Sequence number: given by the log when the event is stored, rising, with gaps. */
  @Prop({ type: Number, required: true })
  _id!: number;

  /** Time to the millisecond, then sequence; see `position.ts`. */
  @Prop({ required: true })
  position!: string;

  /** When it came in; retention goes by this, since a sender may write any time. Records of older releases have none. */
  @Prop({ type: Date })
  arrival?: Date;

  /** Time of the sender, or of arrival when it gave none; for people and tools that look into the database. */
  @Prop({ required: true })
  time!: Date;

  @Prop({ required: true })
  id!: string;

  @Prop({ type: String })
  source!: string;

  @Prop({ required: true })
  type!: string;

  @Prop({ required: true })
  specversion!: string;

  @Prop({ type: String })
  shkeptncontext?: string;

  @Prop({ type: String })
  triggeredid?: string;

  /** `data.project`, when it is a non-empty text. */
  @Prop({ type: String })
  project?: string;

  @Prop({ type: String })
  stage?: string;

  @Prop({ type: String })
  service?: string;

  /** `data.result`. */
  @Prop({ type: String })
  result?: string;

  /** The JSON text of the event as it is served. */
  @Prop({ required: true })
  event!: string;
}

export const eventSchema = SchemaFactory.createForClass(EventRecord);

/** Each event exists once, whoever sends it how often; also answers lookups by id. */
eventSchema.index({ id: 1, source: 1 }, { unique: true });

/**
 * The documented combinations of filters, each with the order of its answers, so that a page costs as much as its events and
 * not as much as the log. Combinations that are not listed use the longest listed one and look at what it leaves.
 */
const QUERIED_TOGETHER = [
  ['shkeptncontext'],
  [],
  ['type'],
  ['source'],
  ['stage'],
  ['service'],
  ['project'],
  ['project', 'source'],
  ['project', 'type'],
  ['project', 'stage'],
  ['project', 'service'],
  ['project', 'stage', 'service'],
  ['project', 'stage', 'type'],
  ['project', 'service', 'type'],
  ['project', 'stage', 'service', 'type'],
] as const;

for (const fields of QUERIED_TOGETHER) {
  eventSchema.index({ ...Object.fromEntries(fields.map((field) => [field, 1 as const])), position: -1 });
}

/** Which events were answered or invalidated; most events have no triggeredid and stay out of it. */
eventSchema.index({ triggeredid: 1, type: 1 }, { partialFilterExpression: { triggeredid: { $exists: true } } });

/** An event without its text. */
export type StoredEvent = Omit<EventRecord, 'event'>;
