import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { PROJECT_BRANCH } from '../git/layout';
import { type ResourceLevel } from './resource.errors';

/** What resources belong to, as a path names it. */
export interface ScopeNames {
  readonly project: ProjectName;
  readonly stage?: StageName;
  readonly service?: ServiceName;
}

/** Where resources are kept on one branch; those of a service in its folder there. */
export interface BranchScope {
  readonly level: ResourceLevel;
  readonly project: ProjectName;
  readonly branch: string;
  readonly service?: ServiceName;
}

export interface ServiceInAllStages {
  readonly level: 'Service';
  readonly project: ProjectName;
  readonly service: ServiceName;
}

export function branchScope({ project, stage, service }: ScopeNames): BranchScope {
  const level = service !== undefined ? 'Service' : stage !== undefined ? 'Stage' : 'Project';
  return { level, project, branch: stage ?? PROJECT_BRANCH, ...(service !== undefined && { service }) };
}

/** Path of a resource in the repository. */
export function pathIn(service: ServiceName | undefined, uri: string): string {
  return service === undefined ? uri : `${service}/${uri}`;
}
