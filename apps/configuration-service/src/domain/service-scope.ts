import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';

/** A service in one stage of a project. */
export interface ServiceScope {
  readonly project: ProjectName;
  readonly stage: StageName;
  readonly service: ServiceName;
}
