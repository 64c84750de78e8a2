import { type ResourceUri, type ServiceName } from '@keptn/event-models';
import { type Change, type DecideChanges, type Snapshot } from '@keptn/git-store';
import { METADATA_FILE, PROJECT_BRANCH, serviceMarker } from '../git/layout';
import { ServiceNotFound } from '../domain/structure.errors';
import { chartPathOf } from './chart-path';
import { locate } from './located-resource';
import { assertHolds, type Precondition } from './precondition';
import { chartDeletion, changesOf } from './resource-changes';
import { type ResourceContent } from './resource.dto';
import { type ResourceLevel, ResourceNotFound, ServiceMarkerProtected } from './resource.errors';
import { pathIn } from './resource-scope';

/** One commit to be, on one branch or on several alike. */
export interface ResourceWrite {
  readonly message: string;
  readonly changes: readonly Change[];
  /** Runs before the changes, on the branch as it is then; throws to refuse them. */
  readonly check: (current: Snapshot) => Promise<void>;
}

/** Several files. Their precondition is about the commit that the branch is at. */
export async function writeOfList(
  service: ServiceName | undefined,
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
  };
}

export async function writeOfOne(
  service: ServiceName | undefined,
  resource: ResourceContent,
  precondition: Precondition,
): Promise<ResourceWrite> {
  return {
    message: `Updated resource: ${resource.uri}`,
    changes: await changesOf(service, [resource]),
    check: async (current) => {
      assertHolds(precondition, resource.uri, (await locate(current, service, resource.uri))?.entityTag);
    },
  };
}

export function deletionOf(
  level: ResourceLevel,
  service: ServiceName | undefined,
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
  };
}

/** The checks and changes of a write as the Git store runs them, with the branch held still. */
export function decide(branch: string, service: ServiceName | undefined, write: ResourceWrite): DecideChanges {
  return async (current) => {
    await assertServiceExists(current, service);
    await write.check(current);
    if (branch !== PROJECT_BRANCH) {
      await assertMarkersStay(current, write.changes);
    }
    return write.changes;
  };
}

/** @throws ServiceNotFound */
export async function assertServiceExists(current: Snapshot, service: ServiceName | undefined): Promise<void> {
  if (service !== undefined && !(await current.hasFile(serviceMarker(service)))) {
    throw new ServiceNotFound();
  }
}

const SERVICE_MARKER = new RegExp(`^[^/]+/${METADATA_FILE.replace('.', '\\.')}$`);

/** A service that appears or disappears with a resource would not be in the view. */
async function assertMarkersStay(current: Snapshot, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (!('path' in change) || !SERVICE_MARKER.test(change.path)) {
      continue;
    }
    const appearsOrDisappears = (await current.hasFile(change.path)) === 'delete' in change;
    if (appearsOrDisappears) {
      throw new ServiceMarkerProtected(change.path);
    }
  }
}
