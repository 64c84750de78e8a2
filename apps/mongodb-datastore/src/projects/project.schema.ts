import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** What the log knows about a project: that it was created, or deleted. Projects it never heard of have no record. */
@Schema({ collection: 'projects', versionKey: false, autoCreate: false, autoIndex: false })
export class ProjectRecord {
  /** The project's name. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  state!: 'active' | 'deleted';

  /** Rises with every deletion, so that a writer notices one between its look at the project and its write. */
  @Prop({ required: true })
  generation!: number;

  /** True while events of the deleted project may still be there. */
  @Prop({ required: true })
  isPurging!: boolean;

  /** The event that deleted it last: the same event again must not delete what was created since. */
  @Prop({ type: String })
  deletedBy?: string;
}

export const projectSchema = SchemaFactory.createForClass(ProjectRecord);

/** Finds what a crash left half deleted. */
projectSchema.index({ isPurging: 1 }, { partialFilterExpression: { isPurging: true } });
