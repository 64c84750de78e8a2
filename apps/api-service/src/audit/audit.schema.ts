import { type AuditEntry, type AuditOutcome } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** An entry of the audit log. Nothing changes or removes one but its single result, and its age. */
@Schema({ collection: 'audit', versionKey: false, autoCreate: false, autoIndex: false, minimize: false })
export class AuditRecord {
  /** Its id. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** Time and id: in this order entries are listed, and by it a page begins. */
  @Prop({ type: String, required: true })
  position!: string;

  @Prop({ type: Date, required: true })
  time!: Date;

  @Prop({ type: Object, required: true })
  actor!: AuditEntry['actor'];

  @Prop({ type: String })
  address?: string | undefined;

  @Prop({ type: String, required: true })
  service!: string;

  @Prop({ type: String, required: true })
  action!: string;

  /** JSON: the names may hold dots. */
  @Prop({ type: String, required: true })
  target!: string;

  @Prop({ type: String, required: true })
  requestId!: string;

  @Prop({ type: String, required: true })
  outcome!: AuditOutcome;

  @Prop({ type: Number })
  status?: number | undefined;

  @Prop({ type: String })
  version?: string | undefined;

  @Prop({ type: String })
  project?: string | undefined;
}

export const auditSchema = SchemaFactory.createForClass(AuditRecord);

auditSchema.index({ position: -1 });
auditSchema.index({ project: 1, position: -1 });
auditSchema.index({ 'actor.name': 1, position: -1 });
auditSchema.index({ requestId: 1 });
/** Finds those that are too old. */
auditSchema.index({ time: 1 });
