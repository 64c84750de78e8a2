import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** Tells that events were removed, and whether they are being removed now. */
@Schema({ collection: 'removals', versionKey: false, autoCreate: false, autoIndex: false })
export class RemovalMark {
  @Prop({ type: String, required: true })
  _id!: string;

  /** Rises with every removal. */
  @Prop({ required: true })
  generation!: number;

  /** Until when a removal may be under way. */
  @Prop({ required: true })
  busyUntil!: Date;
}

export const removalMarkSchema = SchemaFactory.createForClass(RemovalMark);
