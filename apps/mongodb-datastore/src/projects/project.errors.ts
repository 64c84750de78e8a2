import { ServiceError } from '@keptn/service-kit';

/** Events of a deleted project are refused, so that latecomers do not bring it back. */
export class ProjectIsDeleted extends ServiceError {
  constructor(project: string) {
    super(
      'PROJECT_DELETED',
      `project ${project} was deleted; events for it are accepted again once it has been created again`,
    );
  }
}
