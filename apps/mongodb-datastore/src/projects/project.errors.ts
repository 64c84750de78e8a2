import { NotFound } from '@keptn/service-kit';

/** Events of a deleted project are refused, so that latecomers do not bring it back. */
export class ProjectIsDeleted extends NotFound {
  constructor(project: string) {
    super(`project ${project} was deleted; events for it are accepted again once it has been created anew`);
  }
}
