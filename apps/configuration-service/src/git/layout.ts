import { stringify } from 'yaml';
import { toGoTime } from '../domain/creation-date';

/** The branch of the project level; every other branch is a stage (contract 4.3). */
export const PROJECT_BRANCH = 'master';

/** Describes a project at the root of its branch, and a service in its folder. */
export const METADATA_FILE = 'metadata.yaml';

/** The stages of a project and what happens in them; on the project's branch only. */
export const SHIPYARD_FILE = 'shipyard.yaml';

/** A service exists in a stage as long as this file does. */
export const serviceMarker = (service: string): string => `${service}/${METADATA_FILE}`;

/** @param creationDate nanoseconds since 1970 */
export function projectMetadata(project: string, creationDate: string): Buffer {
  return Buffer.from(stringify({ projectname: project, creationtimestamp: toGoTime(creationDate) }));
}

/** @param creationDate nanoseconds since 1970 */
export function serviceMetadata(service: string, creationDate: string): Buffer {
  return Buffer.from(stringify({ servicename: service, creationtimestamp: toGoTime(creationDate) }));
}
