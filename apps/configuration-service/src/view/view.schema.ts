import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { type Model, Schema } from 'mongoose';

/** A project as the view knows it; its services are documents of their own. */
export interface ProjectDocument {
  readonly projectName: ProjectName;
  /** Nanoseconds since 1970 as decimal text. */
  readonly creationDate: string;
  /** Base64 of its YAML. */
  readonly shipyard?: string;
  /** In the order of their creation. */
  readonly stages: readonly StageName[];
}

export interface EventEntry {
  readonly type: string;
  readonly eventId: string;
  readonly keptnContext: string;
  /** When it was recorded here, in nanoseconds since 1970 as decimal text. */
  readonly time: string;
}

/** An approval or remediation as it was posted; all fields are the poster's. */
export type OpenItem = Readonly<Record<string, string | undefined>>;

/** What a service is in one stage. */
export interface StageEntry {
  readonly stageName: StageName;
  /** Nanoseconds since 1970 as decimal text. */
  readonly creationDate: string;
  readonly deployedImage?: string;
  /** By {@link mapKey} of the event's type. */
  readonly lastEventTypes?: Readonly<Record<string, EventEntry>>;
  readonly openApprovals?: readonly OpenItem[];
  readonly openRemediations?: readonly OpenItem[];
}

/** A service in all stages of a project: created, deleted and changed in one document, so always in one step. */
export interface ServiceDocument {
  readonly projectName: ProjectName;
  readonly serviceName: ServiceName;
  /** When its first stage got it, in nanoseconds since 1970 as decimal text. */
  readonly creationDate: string;
  /** By {@link mapKey} of the stage's name. */
  readonly stages: Readonly<Record<string, StageEntry>>;
}

const options = { versionKey: false, minimize: false, autoCreate: false, autoIndex: false } as const;

export const projectSchema = new Schema(
  {
    projectName: { type: String, required: true },
    creationDate: { type: String, required: true },
    shipyard: String,
    stages: { type: [String], required: true },
  },
  { ...options, collection: 'view_projects' },
).index({ projectName: 1 }, { unique: true });

export const serviceSchema = new Schema(
  {
    projectName: { type: String, required: true },
    serviceName: { type: String, required: true },
    creationDate: { type: String, required: true },
    // Another number after every change of the document.
    revision: Number,
    // Its keys are names of stages; the types above say what is in it, and every value is checked on its way in.
    stages: { type: Schema.Types.Mixed, required: true },
  },
  { ...options, collection: 'view_services' },
)
  .index({ projectName: 1, serviceName: 1 }, { unique: true })
  // The order of lists.
  .index({ projectName: 1, creationDate: 1, serviceName: 1 });

export const PROJECT_MODEL = 'ViewProject';
export const SERVICE_MODEL = 'ViewService';

export type ProjectModel = Model<ProjectDocument>;
export type ServiceModel = Model<ServiceDocument>;
