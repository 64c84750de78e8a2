import { type ResourceContent } from '@keptn/api-models';
import { type ResourceUri, type ServiceName } from '@keptn/event-models';
import { type Change, type DecideChanges, type Snapshot } from '@keptn/git-store';
import { ServiceNotFound } from '../domain/structure.errors';
import { serviceMarker } from '../git/layout';
import { chartPathOf } from './chart-path';
import { locate } from './located-resource';
import { assertMetadataStays } from './metadata-protection';
import { assertHolds, type Precondition } from './precondition';
import { chartDeletion, changesOf } from './resource-changes';
import { pathIn } from './resource-scope';
import { type ResourceLevel, ResourceNotFound } from './resource.errors';

/** What a write needs to know of the scope that it is for. */
export interface WrittenScope {
  readonly level: ResourceLevel;
  readonly service?: ServiceName;
}

/** One future commit, on one branch or on several alike. */
export interface ResourceWrite {
  readonly message: string;
  readonly changes: readonly Change[];
  /** Runs before the changes, on the branch as it is then; throws to refuse them. */
  readonly check: (current: Snapshot) => Promise<void>;
  /** Whether the caller names the commit that the branch must be at. */
  readonly expectsCommit: boolean;
  /** Whether the caller names the version that is replaced, and so knows what it is. */
  readonly expectsContent: boolean;
}

/** @param message of the caller; the write says what it does when absent */
export const withMessage = (write: ResourceWrite, message: string | undefined): ResourceWrite =>
  message === undefined ? write : { ...write, message };

/** Several files. Their precondition is about the commit that the branch is at. */
export async function writeOfList(
  { service }: WrittenScope,
  resources: readonly ResourceContent[],
  message: string,
  precondition: Precondition,
): Promise<ResourceWrite> {
  return {
    message,
    changes: await changesOf(service, resources),
    check: (current) => {
      assertHolds(precondition, 'the branch', current.commit.id);
      return Promise.resolve();
    },
    expectsCommit: precondition.ifMatch !== undefined,
    expectsContent: false,
  };
}

export async function writeOfOne(
  { service }: WrittenScope,
  resource: ResourceContent,
  precondition: Precondition,
): Promise<ResourceWrite> {
  return {
    message: `Updated resource: ${resource.uri}`,
    changes: await changesOf(service, [resource]),
    check: async (current) => {
      assertHolds(precondition, resource.uri, (await locate(current, service, resource.uri))?.entityTag);
    },
    expectsCommit: false,
    expectsContent: precondition.ifMatch !== undefined,
  };
}

export function deletionOf(
  { level, service }: WrittenScope,
  uri: ResourceUri,
  precondition: Precondition,
): ResourceWrite {
  const chart = service === undefined ? undefined : chartPathOf(uri);
  return {
    message: 'Deleted resources',
    changes: chart === undefined ? [{ path: pathIn(service, uri), delete: true }] : chartDeletion(service, chart),
    check: async (current) => {
      const found = await locate(current, service, uri);
      if (found === undefined) {
        throw new ResourceNotFound(level);
      }
      assertHolds(precondition, uri, found.entityTag);
    },
    expectsCommit: false,
    expectsContent: precondition.ifMatch !== undefined,
  };
}

/** The checks and changes of a write as the Git store runs them, with the branch held still. */
export function decide(branch: string, service: ServiceName | undefined, write: ResourceWrite): DecideChanges {
  return async (current) => {
    await assertServiceExists(current, service);
    await write.check(current);
    await assertMetadataStays(current, branch, write);
    return write.changes;
  };
}

/** @throws ServiceNotFound */
export async function assertServiceExists(current: Snapshot, service: ServiceName | undefined): Promise<void> {
  if (service !== undefined && !(await current.hasFile(serviceMarker(service)))) {
    throw new ServiceNotFound();
  }
}
