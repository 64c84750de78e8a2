import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A counter that hands out numbers. */
@Schema({ collection: 'counters', versionKey: false, autoCreate: false, autoIndex: false })
export class Counter {
  @Prop({ type: String, required: true })
  _id!: string;

  /** The last number that was handed out. */
  @Prop({ required: true })
  value!: number;
}

export const counterSchema = SchemaFactory.createForClass(Counter);
