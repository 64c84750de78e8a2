import { UsageFailure } from '../failures/failure';
import { path } from './path';

/** What resources belong to: a project, one of its stages, or a service in a stage. */
export interface ResourcePlace {
  readonly project: string;
  readonly stage?: string | undefined;
  readonly service?: string | undefined;
}

/** @throws UsageFailure when a service is named without a stage */
export function assertPlace({ stage, service }: ResourcePlace): void {
  if (service !== undefined && stage === undefined) {
    throw new UsageFailure("Flag 'stage' is missing", 'Resources of a service belong to a stage: add --stage.');
  }
}

/** e.g. `service carts in stage dev in project sockshop` (contract 6.3, add-resource). */
export function describePlace({ project, stage, service }: ResourcePlace): string {
  return [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    `project ${project}`,
  ].join(' in ');
}

/** Path of what the resources belong to. */
export function placePath({ project, stage, service }: ResourcePlace): string {
  const ofStage = stage === undefined ? '' : path`/stage/${stage}`;
  const ofService = service === undefined ? '' : path`/service/${service}`;
  return `/configuration-service/v1${path`/project/${project}`}${ofStage}${ofService}`;
}

export const resourcesPath = (place: ResourcePlace): string => `${placePath(place)}/resource`;
