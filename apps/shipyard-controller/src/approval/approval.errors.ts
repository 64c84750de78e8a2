import { NotFound, ServiceError } from '@keptn/service-kit';

export class ApprovalNotFound extends NotFound {
  constructor(eventId: string) {
    super(`No approval.triggered event has the id ${eventId}`, { reason: 'APPROVAL_NOT_FOUND' });
  }
}

export class ApprovalDecided extends ServiceError {
  /** @param decision who decided, how and when */
  constructor(decision: string) {
    super('APPROVAL_DECIDED', `The approval was decided before: ${decision}`);
  }
}
