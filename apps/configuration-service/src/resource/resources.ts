import { type DefaultVersions, type PageRequest, type Version } from '@keptn/api-models';
import { type ResourceUri } from '@keptn/event-models';
import { type Page } from '../domain/page';
import { type LocatedResource } from './located-resource';
import { type ResourceWrite } from './resource-write';

interface Origin {
  readonly branch: string;
  /** The commit that was read. */
  readonly version: string;
  /** The upstream repository of the project, if it has one. */
  readonly upstreamURL?: string;
}

export interface FoundResource extends LocatedResource, Origin {
  readonly uri: ResourceUri;
}

/** Paths of resources, in the order of a walk through the folders. */
export interface ListedResources extends Page<string>, Origin {
  readonly entityTag: string;
}

/** What the operations on resources read from, whatever the resources belong to. */
export interface ReadsResources<Scope> {
  list(scope: Scope, page: PageRequest): Promise<ListedResources>;
  /** @param commit an older commit of the branch; the latest by default */
  read(scope: Scope, uri: ResourceUri, commit?: string): Promise<FoundResource>;
}

/** What the operations on resources write to. */
export interface WritesResources<Scope> {
  /** @returns the commit that the branch is at now, or those of several branches */
  write(scope: Scope, write: ResourceWrite): Promise<Version | DefaultVersions>;
  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  assertExists(scope: Scope): Promise<void>;
}
