import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A key that requests are signed with. */
export interface SigningSecret {
  readonly secret: string;
  /** When it is replaced: until then both are used. */
  readonly validUntil?: Date;
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

  /** The latest is the last one. */
  @Prop({ type: [Object], required: true })
  secrets!: SigningSecret[];

  /** JSON of the headers whose values are shown to nobody. */
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
