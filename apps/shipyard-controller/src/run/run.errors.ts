import { NotFound, ServiceError } from '@keptn/service-kit';

export class ProjectNotFound extends NotFound {
  constructor(project: string) {
    super(`No project ${project} found`, { reason: 'PROJECT_NOT_FOUND' });
  }
}

export class UnknownPageKey extends ServiceError {
  constructor() {
    super(
      'INVALID_PAGE_KEY',
      'nextPageKey in query must be the nextPageKey of an earlier answer to the same query; leave it out to get the first page',
    );
  }
}
