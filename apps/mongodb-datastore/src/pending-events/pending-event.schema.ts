import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** An event that tells of a change which was begun and may not have been made. */
@Schema({ collection: 'pendingEvents', versionKey: false, autoCreate: false, autoIndex: false })
export class PendingEvent {
  /** The event's id. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ required: true })
  source!: string;

  @Prop({ required: true })
  type!: string;

  @Prop({ required: true })
  project!: string;

  @Prop({ type: String })
  service?: string;

  @Prop({ required: true })
  shkeptncontext!: string;

  /** The event as JSON. */
  @Prop({ required: true })
  event!: string;

  @Prop({ required: true })
  since!: Date;

  /** From then on the change is made, or never will be. */
  @Prop({ required: true })
  due!: Date;
}

export const pendingEventSchema = SchemaFactory.createForClass(PendingEvent);
