import { type DeliveryAttempt, type DeliveryOutcome } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** What became of one event for one subscription. */
@Schema({ collection: 'deliveries', versionKey: false, autoCreate: false, autoIndex: false })
export class DeliveryRecord {
  /** `<subscription>:<sequence>` */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  subscription!: string;

  @Prop({ type: Number, required: true })
  sequence!: number;

  @Prop({ type: String, required: true })
  eventId!: string;

  @Prop({ type: String })
  source!: string;

  @Prop({ type: String, required: true })
  type!: string;

  @Prop({ type: String })
  keptnContext?: string;

  @Prop({ type: String, required: true })
  outcome!: DeliveryOutcome;

  /** The latest, oldest first. */
  @Prop({ type: [Object], required: true })
  attempts!: DeliveryAttempt[];

  @Prop({ type: Number, required: true })
  attemptCount!: number;

  @Prop({ type: Date, required: true })
  lastAttemptAt!: Date;
}

export const deliveryRecordSchema = SchemaFactory.createForClass(DeliveryRecord);

deliveryRecordSchema.index({ subscription: 1, sequence: -1 });
deliveryRecordSchema.index({ subscription: 1, outcome: 1, sequence: -1 });
deliveryRecordSchema.index({ eventId: 1 });
deliveryRecordSchema.index({ keptnContext: 1 });
/** Finds those that are no longer kept. */
deliveryRecordSchema.index({ lastAttemptAt: 1 });
