import { BadRequest, NotFound, PreconditionFailed } from '@keptn/service-kit';

/** What a resource belongs to. */
export type ResourceLevel = 'Project' | 'Stage' | 'Service';

export class ResourceNotFound extends NotFound {
  constructor(level: ResourceLevel, reason = '') {
    super(`${level} resource not found${reason === '' ? '' : `: ${reason}`}`);
  }
}

export class ResourceChanged extends PreconditionFailed {
  constructor(uri: string) {
    super(`${uri} is not the version that the request expects: read it again and repeat the change`);
  }
}

/** Two entries of one list name the same file. */
export class DuplicateResource extends BadRequest {
  constructor(uri: string) {
    super(`resource ${JSON.stringify(uri)} is in the list twice`);
  }
}

/** Services are found by this file; without it one would be gone from Git and still be shown. */
export class ServiceMarkerProtected extends BadRequest {
  constructor(path: string) {
    super(`${path} says that the service exists: create or delete the service instead`);
  }
}

/** Contract 4.4: the texts of the original, followed by the reason. */
export class ChartRefused extends BadRequest {
  constructor(
    what: 'Could not unarchive Helm chart' | 'Unexpected amount of unpacked files' | 'Path of Helm chart is invalid',
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${what}: ${reason}`, options);
  }
}
