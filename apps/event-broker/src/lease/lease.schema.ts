import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** Which replica distributes, and how often subscriptions were changed. */
@Schema({ collection: 'distribution', versionKey: false, autoCreate: false, autoIndex: false })
export class DistributionLease {
  @Prop({ type: String, required: true })
  _id!: string;

  /** The replica that holds the lease. */
  @Prop({ type: String })
  owner?: string;

  /** When the lease ends unless it is renewed. */
  @Prop({ type: Date })
  leasedUntil!: Date;

  /** Counts the changes of subscriptions, for the replica that distributes. */
  @Prop({ type: Number })
  changes?: number;
}

export const distributionLeaseSchema = SchemaFactory.createForClass(DistributionLease);
