import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A secret at rest: a text that is encrypted where the operator has given a key, and else the text itself. */
export type StoredSecret = string | SealedSecret;

export interface SealedSecret {
  /** Which key it is encrypted with. */
  readonly key: string;
  /** In base64: initialization vector, authentication tag, and the encrypted text. */
  readonly sealed: string;
}

/** A key that requests are signed with. */
export interface SigningSecret<Secret = StoredSecret> {
  readonly secret: Secret;
  /** When it is replaced: until then both are used. */
  readonly validUntil?: Date;
}

/** Where its sink may be: outside of the installation alone, or also in networks that the operator allows. */
export type SubscriptionReach = 'allowed' | 'outside';

/** A part of the log that is delivered again. */
export interface StoredReplay {
  readonly id: string;
  readonly position: number;
  readonly open: number[];
  /** Sequence number of its last event. */
  readonly until: number;
}

/** A subscription, and how far it has come. */
@Schema({ collection: 'subscriptions', versionKey: false, autoCreate: false, autoIndex: false })
export class SubscriptionRecord {
  /** Its name. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  origin!: 'declared' | 'created';

  /** JSON of what it wants and how it gets it; names of attributes may hold dots, which names of fields must not. */
  @Prop({ type: String, required: true })
  spec!: string;

  /** Follows from the rights of whoever wrote it last. Absent where it was written before there were such rights: `allowed`. */
  @Prop({ type: String })
  reach?: SubscriptionReach;

  @Prop({ type: String, required: true })
  state!: 'active' | 'paused' | 'ended';

  @Prop({ type: String })
  stateReason?: string;

  /** Another one whenever the position is set by somebody else than who delivers, whose saves are void then. */
  @Prop({ type: String, required: true })
  generation!: string;

  /** Sequence number up to which the log was looked at. */
  @Prop({ type: Number, required: true })
  position!: number;

  /** Up to the position: what is still to be delivered. */
  @Prop({ type: [Number], required: true })
  open!: number[];

  @Prop({ type: Object })
  replay?: StoredReplay | null;

  /** The latest is the last one. */
  @Prop({ type: [Object], required: true })
  secrets!: SigningSecret[];

  /** JSON of the headers whose values, as they are stored, are shown to nobody. */
  @Prop({ type: String, required: true })
  secretHeaders!: string;

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: Date, required: true })
  updatedAt!: Date;

  @Prop({ type: Date })
  lastSuccessAt?: Date;

  @Prop({ type: Date })
  lastErrorAt?: Date;

  @Prop({ type: String })
  lastError?: string;

  @Prop({ type: Date })
  failingSince?: Date | null;
}

export const subscriptionSchema = SchemaFactory.createForClass(SubscriptionRecord);
