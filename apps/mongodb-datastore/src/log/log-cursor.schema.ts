import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** How far a reader of the log has come that must see every event, and which replica reads in its name. */
@Schema({ collection: 'logCursors', versionKey: false, autoCreate: false, autoIndex: false })
export class LogCursor {
  /** Name of the reader. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** Sequence number of the last event that is done with. */
  @Prop({ required: true })
  position!: number;

  /** The replica that holds the lease. */
  @Prop({ type: String })
  owner?: string;

  /** When the lease ends unless it is renewed. */
  @Prop()
  leasedUntil!: Date;
}

export const logCursorSchema = SchemaFactory.createForClass(LogCursor);
