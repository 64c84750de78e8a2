import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** An event that came in over NATS, until it is certain that it is not published there again. */
@Schema({ collection: 'natsArrivals', versionKey: false, autoCreate: false, autoIndex: false })
export class NatsArrival {
  /** Made from source and id. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Date, required: true })
  at!: Date;
}

export const natsArrivalSchema = SchemaFactory.createForClass(NatsArrival);
