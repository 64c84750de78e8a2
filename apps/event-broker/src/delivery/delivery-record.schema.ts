import { type DeliveryAttempt, type DeliveryOutcome } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** What became of one event for one subscription. */
@Schema({ collection: 'deliveries', versionKey: false, autoCreate: false, autoIndex: false })
export class DeliveryRecord {
  /** The sequence number, of fixed length, and the subscription: in the order of the log. */
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

  /** Of the event. Deliveries of older releases have none, and are shown to those who may see all projects. */
  @Prop({ type: String })
  project?: string;

  @Prop({ type: String, required: true })
  outcome!: DeliveryOutcome;

  /** The outcome unless it is `delivered`: few have it, so that an index of it costs nearly nothing. */
  @Prop({ type: String })
  failure?: DeliveryOutcome;

  /** The latest, oldest first. */
  @Prop({ type: [Object], required: true })
  attempts!: DeliveryAttempt[];

  @Prop({ type: Number, required: true })
  attemptCount!: number;

  @Prop({ type: Date, required: true })
  lastAttemptAt!: Date;
}

export const deliveryRecordSchema = SchemaFactory.createForClass(DeliveryRecord);

// Each index costs a write for each delivery.
deliveryRecordSchema.index({ subscription: 1, _id: -1 });
deliveryRecordSchema.index({ failure: 1, _id: -1 }, { partialFilterExpression: { failure: { $exists: true } } });
deliveryRecordSchema.index({ eventId: 1 });
deliveryRecordSchema.index({ keptnContext: 1 });
