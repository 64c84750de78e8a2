import { type Change, type PutFile, type Snapshot } from '@keptn/git-store';
import { type ServiceName } from '@keptn/event-models';
import { METADATA_FILE, PROJECT_BRANCH, serviceMarker } from '../git/layout';
import { MetadataProtected, ServiceMarkerProtected } from './resource.errors';

interface MetadataWrite {
  readonly changes: readonly Change[];
  /** Whether the caller names the version that is replaced, and so knows what it is. */
  readonly expectsContent: boolean;
}

const SERVICE_MARKER = new RegExp(`^[^/]+/${METADATA_FILE.replace('.', '\\.')}$`);

/**
 * Keptn's own files stay what they are: the record of a project at the root of its branches, and the one in the folder of
 * each service. Writing their present content again changes nothing, and who names the present version may replace it. No
 * service appears or disappears with its file, since it would be in Git only and not in the view.
 * @throws MetadataProtected, ServiceMarkerProtected
 */
export async function assertMetadataStays(
  current: Snapshot,
  branch: string,
  { changes, expectsContent }: MetadataWrite,
): Promise<void> {
  for (const change of changes) {
    if (!('path' in change)) {
      continue;
    }
    const isMarker = branch !== PROJECT_BRANCH && SERVICE_MARKER.test(change.path);
    if (!isMarker && change.path !== METADATA_FILE) {
      continue;
    }
    const isThere = await current.hasFile(change.path);
    if (isMarker && isThere === 'delete' in change) {
      throw new ServiceMarkerProtected(change.path);
    }
    if (isThere && !expectsContent && !(await isSame(current, change))) {
      throw new MetadataProtected(change.path);
    }
  }
}

/** A new service gets its file from Keptn. @throws MetadataProtected */
export function assertNoMarker(service: ServiceName, changes: readonly Change[]): void {
  const marker = serviceMarker(service);
  if (changes.some((change) => 'path' in change && change.path === marker)) {
    throw new MetadataProtected(marker);
  }
}

async function isSame(current: Snapshot, change: PutFile | { readonly path: string }): Promise<boolean> {
  return 'content' in change && (await current.readFile(change.path)).content.equals(change.content);
}
