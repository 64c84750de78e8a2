import { UsageFailure } from '../failures/failure';

/** What resources belong to: a project, one of its stages, or a service in a stage. */
export interface ResourceScope {
  readonly project: string;
  readonly stage?: string | undefined;
  readonly service?: string | undefined;
}

/** @throws UsageFailure when a service is named without a stage */
export function assertScope({ stage, service }: ResourceScope): void {
  if (service !== undefined && stage === undefined) {
    throw new UsageFailure("Flag 'stage' is missing", 'Resources of a service belong to a stage: add --stage.');
  }
}

/** e.g. `service carts in stage dev in project sockshop` (contract 6.3, add-resource). */
export function describeScope({ project, stage, service }: ResourceScope): string {
  return [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    `project ${project}`,
  ].join(' in ');
}

/** The path in the contract of what the resources belong to. */
export function scopePath({ stage, service }: ResourceScope) {
  if (stage === undefined) {
    return '/v1/project/{project}';
  }
  return service === undefined
    ? '/v1/project/{project}/stage/{stage}'
    : '/v1/project/{project}/stage/{stage}/service/{service}';
}

/**
 * A resource path as people type it, e.g. `./helm/./carts.tgz`, without segments that mean nothing.
 *
 * @throws UsageFailure when nothing is left, or it leads out of its scope
 */
export function resourceUriOf(text: string): string {
  const segments = text.split('/').filter((segment) => segment !== '.');
  if (segments.includes('..')) {
    throw new UsageFailure(`"${text}" is not the path of a resource`, 'It must not hold "..".');
  }
  if (segments.every((segment) => segment === '')) {
    throw new UsageFailure(`"${text}" is not the path of a resource`, 'It looks like slo.yaml or helm/carts.tgz.');
  }
  return segments.join('/');
}
