import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** One use of an `Idempotency-Key`: the first request that came with it. */
@Schema({ collection: 'idempotencyKeys', versionKey: false, autoCreate: false, autoIndex: false })
export class IdempotencyKey {
  /** SHA-256 of the key, which may be of any length and hold anything. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** Tells the request from others with the same key. */
  @Prop({ required: true })
  fingerprint!: string;

  /** From which the ids of what the request makes are derived, so that a repeat makes the same. */
  @Prop({ required: true })
  seed!: string;

  @Prop({ required: true })
  firstUse!: Date;
}

export const idempotencyKeySchema = SchemaFactory.createForClass(IdempotencyKey);

/** Finds the keys that are no longer kept. */
idempotencyKeySchema.index({ firstUse: 1 });
