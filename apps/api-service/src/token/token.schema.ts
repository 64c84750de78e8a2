import { type Role, type Scope } from '@keptn/api-models';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** A token as it is stored: never its text. */
export interface TokenSecret {
  readonly hash: string;
  /** When it was replaced: until then it counts beside the new one. */
  readonly validUntil?: Date;
}

@Schema({ collection: 'tokens', versionKey: false, autoCreate: false, autoIndex: false })
export class TokenRecord {
  /** Its id. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  name!: string;

  /** The newest is the first. */
  @Prop({ type: [Object], required: true })
  secrets!: TokenSecret[];

  @Prop({ type: String })
  role?: Role;

  @Prop({ type: [String], required: true })
  scopes!: Scope[];

  /** Absent: all projects. */
  @Prop({ type: [String], default: undefined })
  projects?: string[];

  @Prop({ type: Date, required: true })
  createdAt!: Date;

  @Prop({ type: String, required: true })
  createdBy!: string;

  @Prop({ type: Date })
  expiresAt?: Date;

  @Prop({ type: Date })
  lastUsedAt?: Date;
}

export const tokenSchema = SchemaFactory.createForClass(TokenRecord);

tokenSchema.index({ name: 1 }, { unique: true });
tokenSchema.index({ 'secrets.hash': 1 });
