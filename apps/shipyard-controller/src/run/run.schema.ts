import { type OpenApproval, type RunStep } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { type RunKind } from '../decision/run/run';

/** A run as it was when its latest event came in. It can be made again from the event log at any time. */
@Schema({ collection: 'runs', versionKey: false, autoCreate: false, autoIndex: false, minimize: false })
export class RunRecord {
  /** Keptn context. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** Time of the first event, then the context: in this order runs are listed, and by it a page begins. */
  @Prop({ type: String, required: true })
  position!: string;

  /** Number of the latest event of its context: of two versions the one with the higher counts. Records of older releases have none. */
  @Prop({ type: Number })
  lastSequence?: number;

  /** Of its context; replicas of the release before go by it, and write nothing over a record without it. */
  @Prop({ type: Number, required: true })
  eventCount!: number;

  @Prop({ type: Date, required: true })
  savedAt!: Date;

  @Prop({ type: String, required: true })
  kind!: RunKind;

  // Mongoose takes an empty text of a required field for a missing one.
  @Prop({ type: String })
  project!: string;

  @Prop({ type: String, required: true })
  startedAt!: string;

  @Prop({ type: String, required: true })
  updatedAt!: string;

  @Prop({ type: Boolean, required: true })
  isOpen!: boolean;

  @Prop({ type: [String], required: true })
  labels!: string[];

  @Prop({ type: [String], required: true })
  images!: string[];

  /** What people call its images. Records of older releases have none, or only some, until they are made again. */
  @Prop({ type: [String] })
  imageNames?: string[];

  /** Of its labels. Records of older releases have none until they are made again. */
  @Prop({ type: [String] })
  labelKeys?: string[];

  @Prop({ type: [Object], required: true })
  steps!: RunStep[];

  @Prop({ type: [Object], required: true })
  openApprovals!: OpenApproval[];

  /** Open when any of its problems is; absent without a problem. */
  @Prop({ type: String })
  problemState?: 'closed' | 'open';

  /** Whether it has open approvals. */
  @Prop({ type: Boolean, required: true })
  awaitsApproval!: boolean;
}

export const runSchema = SchemaFactory.createForClass(RunRecord);

runSchema.index({ position: -1 });
runSchema.index({ isOpen: 1, position: -1 });
runSchema.index({ project: 1, position: -1 });
runSchema.index({ project: 1, isOpen: 1, position: -1 });
runSchema.index({ awaitsApproval: 1, position: -1 });
runSchema.index({ problemState: 1, position: -1 });
runSchema.index({ images: 1, position: -1 });
runSchema.index({ imageNames: 1, position: -1 });
runSchema.index({ labels: 1, position: -1 });
runSchema.index({ labelKeys: 1, position: -1 });
/** Finds what a rebuild has not met. */
runSchema.index({ savedAt: 1 });
