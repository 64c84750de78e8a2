/** What resources belong to: a project, one of its stages, or a service in a stage. */
export interface ResourceScope {
  readonly project: string;
  readonly stage?: string;
  readonly service?: string;
}

export interface ResourceLocation extends ResourceScope {
  /** Within its scope. */
  readonly path: string;
}

/** What of the resources is shown; every part is in the URL. */
export interface ResourceSearch {
  readonly stage?: string;
  readonly service?: string;
  readonly path?: string;
  /** An older version, which is compared with another one. */
  readonly version?: string;
  /** The version that it is compared with; the current one when absent. */
  readonly to?: string;
}

const NAMES = ['stage', 'service', 'path', 'version', 'to'] as const;

/** How the API calls the version that a branch holds now. */
export const CURRENT = 'current';

/** Which versions of a file are shown: the current one, or two that are compared. */
export const versionsIn = ({ version, to = CURRENT }: ResourceSearch): string[] =>
  version === undefined ? [CURRENT] : [version, to];

/** e.g. `version 4b825dc642` */
export const versionName = (version: string): string =>
  version === CURRENT ? 'the current content' : `version ${version.slice(0, 10)}`;

/** What of a URL says which resource is shown; numbers are texts that look like numbers. */
export function readResourceSearch(given: Readonly<Record<string, unknown>>): ResourceSearch {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = typeof given[name] === 'number' ? String(given[name]) : given[name];
      return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
    }),
  );
}

/** The path in the contract of what resources belong to. */
export function scopePath({ stage, service }: ResourceScope) {
  if (stage === undefined) return '/v1/project/{project}';
  return service === undefined
    ? '/v1/project/{project}/stage/{stage}'
    : '/v1/project/{project}/stage/{stage}/service/{service}';
}

/** Flags of the command that name the scope. */
export const scopeFlags = ({ project, stage, service }: ResourceScope) => ({ project, stage, service });

/** e.g. `carts in dev` */
export function scopeTitle({ project, stage, service }: ResourceScope): string {
  if (stage === undefined) return project;
  return service === undefined ? stage : `${service} in ${stage}`;
}

/** A resource of a stage's branch: what lies in the folder of a service belongs to the service. */
export function locate(
  project: string,
  stage: string,
  services: readonly string[],
  branchPath: string,
): ResourceLocation {
  const [folder = '', ...rest] = branchPath.split('/');
  return rest.length > 0 && services.includes(folder)
    ? { project, stage, service: folder, path: rest.join('/') }
    : { project, stage, path: branchPath };
}
