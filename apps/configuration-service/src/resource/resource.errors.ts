import { BadRequest, NotFound, PreconditionFailed } from '@keptn/service-kit';

/** What a resource belongs to. */
export type ResourceLevel = 'Project' | 'Stage' | 'Service';

export class ResourceNotFound extends NotFound {
  constructor(level: ResourceLevel, detail = '') {
    super(`${level} resource not found${detail === '' ? '' : `: ${detail}`}`, { reason: 'RESOURCE_NOT_FOUND' });
  }
}

export class ResourceChanged extends PreconditionFailed {
  constructor(uri: string) {
    super(`${uri} is not the version that the request expects: read it again and repeat the change`, {
      reason: 'RESOURCE_CHANGED',
    });
  }
}

/** Two entries of one list name the same file. */
export class DuplicateResource extends BadRequest {
  constructor(uri: string) {
    super(`resource ${JSON.stringify(uri)} is in the list twice`, { reason: 'DUPLICATE_RESOURCE' });
  }
}

/** Services are found by this file; without it one would be gone from Git and still be shown. */
export class ServiceMarkerProtected extends BadRequest {
  constructor(path: string) {
    super(`${path} says that the service exists: create or delete the service instead`, {
      reason: 'RESOURCE_PROTECTED',
    });
  }
}

/** Keptn keeps its own records in files of this name. */
export class MetadataProtected extends BadRequest {
  constructor(path: string) {
    super(
      `${path} is written by Keptn itself: choose another name, or replace it on purpose by writing it alone with If-Match`,
      { reason: 'RESOURCE_PROTECTED' },
    );
  }
}

/** A file that Keptn reads has faults, and the client has asked for an error. */
export class FaultyFile extends BadRequest {
  constructor(faults: readonly string[]) {
    super(faults.join('; '), { reason: 'INVALID_FILE' });
  }
}

/** Contract 4.4: the texts of the original, followed by the cause. */
export class ChartRefused extends BadRequest {
  constructor(
    what: 'Could not unarchive Helm chart' | 'Unexpected amount of unpacked files' | 'Path of Helm chart is invalid',
    why: string,
    options?: ErrorOptions,
  ) {
    super(`${what}: ${why}`, { ...options, reason: 'INVALID_CHART' });
  }
}
