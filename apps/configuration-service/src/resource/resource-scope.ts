import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { PROJECT_BRANCH } from '../git/layout';
import { type ResourceLevel } from './resource.errors';

/** Where resources are kept: a branch, and for those of a service its folder there. */
export interface ResourceScope {
  readonly level: ResourceLevel;
  readonly project: ProjectName;
  readonly branch: string;
  readonly service?: ServiceName;
}

export const ofProject = (project: ProjectName): ResourceScope => ({
  level: 'Project',
  project,
  branch: PROJECT_BRANCH,
});

export const ofStage = (project: ProjectName, stage: StageName): ResourceScope => ({
  level: 'Stage',
  project,
  branch: stage,
});

export const ofService = (project: ProjectName, stage: StageName, service: ServiceName): ResourceScope => ({
  level: 'Service',
  project,
  branch: stage,
  service,
});

/** Path of a resource in the repository. */
export function pathIn(service: ServiceName | undefined, uri: string): string {
  return service === undefined ? uri : `${service}/${uri}`;
}
