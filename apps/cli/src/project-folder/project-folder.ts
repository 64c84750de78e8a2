import { type ResourceScope } from '../api/resource-scope';

/**
 * A project as a folder, as `keptn apply` reads it and `keptn export` writes it:
 *
 *   keptn.yaml                   project: sockshop, services: [carts, carts-db]
 *   shipyard.yaml
 *   project/...                  resources of the project
 *   stages/<stage>/...           resources of a stage; those of a service in its folder, e.g. stages/dev/carts/slo.yaml
 *   services/<service>/...       resources of a service on every stage
 *   events.ndjson                the events of an export
 */
export const MANIFEST = 'keptn.yaml';
export const SHIPYARD = 'shipyard.yaml';
export const PROJECT_FILES = 'project';
export const STAGE_FILES = 'stages';
export const SERVICE_FILES = 'services';
export const EVENTS = 'events.ndjson';

/** What the server keeps in this file of a project and of each service is its own. */
export const SERVER_FILE = 'metadata.yaml';

const SERVER_FILE_OF_SERVICE = /^[^/]+\/metadata\.yaml$/;

/** Whether the server writes this file by itself, and refuses another content for it. */
export const isOfServer = (path: string, { stage }: ResourceScope): boolean =>
  path === SERVER_FILE || (stage !== undefined && SERVER_FILE_OF_SERVICE.test(path));

export type Files = ReadonlyMap<string, Buffer>;

export interface ProjectFolder {
  readonly project: string;
  readonly services: readonly string[];
  /** Content of shipyard.yaml. */
  readonly shipyard: Buffer;
  /** Resources of the project by path, without the shipyard. */
  readonly projectFiles: Files;
  /** Resources of each stage by path, those of services included. */
  readonly stageFiles: ReadonlyMap<string, Files>;
}

/** What a person may write of these files. */
export const withoutServerFiles = (files: Files, scope: ResourceScope): Files =>
  new Map([...files].filter(([path]) => !isOfServer(path, scope)));
