import { type RunStep } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** The latest deployment, promotion, verdict and problem of a service in a stage, each with the run that it is from. */
@Schema({ collection: 'serviceStates', versionKey: false, autoCreate: false, autoIndex: false })
export class ServiceStateRecord {
  /** JSON of project, stage, service and the aspect: one record for each, so that each is overtaken only by its own successor. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  project!: string;

  @Prop({ type: String, required: true })
  stage!: string;

  @Prop({ type: String, required: true })
  service!: string;

  @Prop({ type: String, required: true })
  aspect!: 'deployment' | 'promotion' | 'verdict' | 'problem';

  /** Time of the event that says so. */
  @Prop({ type: String, required: true })
  at!: string;

  @Prop({ type: String, required: true })
  keptnContext!: string;

  @Prop({ type: Date, required: true })
  savedAt!: Date;

  @Prop({ type: String })
  image?: string;

  @Prop({ type: String })
  deploymentURIPublic?: string;

  /** When that was deployed which was promoted. */
  @Prop({ type: String })
  deployedAt?: string;

  /** Of a deployment, when its canary was. */
  @Prop({ type: String })
  discardedAt?: string;

  @Prop({ type: String })
  result?: string;

  @Prop({ type: Object })
  problem?: RunStep['problem'];
}

export const serviceStateSchema = SchemaFactory.createForClass(ServiceStateRecord);

serviceStateSchema.index({ project: 1 });
serviceStateSchema.index({ savedAt: 1 });
