import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/**
 * The root event of a context: the fields that it is found by. `position` is first, and no two events have the same: MongoDB
 * compares documents field by field, so `$min` of this document keeps the earliest event, in one atomic step and without
 * reading first.
 */
@Schema({ _id: false })
export class RootEvent {
  @Prop({ required: true })
  position!: string;

  @Prop({ required: true })
  sequence!: number;

  @Prop({ type: String })
  project?: string;

  @Prop({ type: String })
  stage?: string;

  @Prop({ type: String })
  service?: string;

  @Prop({ required: true })
  type!: string;

  @Prop({ type: String })
  source!: string;

  @Prop({ required: true })
  id!: string;

  @Prop({ required: true })
  shkeptncontext!: string;
}

/** One run: all events that share a `shkeptncontext`. Its project is the project of its root event. */
@Schema({ collection: 'contexts', versionKey: false, autoCreate: false, autoIndex: false })
export class ContextRecord {
  /** The `shkeptncontext`. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: RootEvent, required: true })
  root!: RootEvent;
}

export const contextSchema = SchemaFactory.createForClass(ContextRecord);

/** How root events are asked for together; the Bridge asks for those of a service. */
const QUERIED_TOGETHER = [
  [],
  ['type'],
  ['project'],
  ['project', 'stage'],
  ['project', 'service'],
  ['project', 'type'],
  ['project', 'stage', 'service'],
] as const;

for (const fields of QUERIED_TOGETHER) {
  contextSchema.index({
    ...Object.fromEntries(fields.map((field) => [`root.${field}`, 1 as const])),
    'root.position': -1,
  });
}

/** Finds the records whose root event retention has removed. */
contextSchema.index({ 'root.sequence': 1 });
