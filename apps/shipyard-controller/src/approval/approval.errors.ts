import { Conflict, NotFound, ServiceError } from '@keptn/service-kit';

export class ApprovalNotFound extends NotFound {
  constructor(eventId: string) {
    super(`No approval.triggered event has the id ${eventId}`, { reason: 'APPROVAL_NOT_FOUND' });
  }
}

/** Nothing would follow from a decision, whatever it is. */
export class ApprovalUndecidable extends Conflict {
  /** @param because why, and what to do, as a sentence without a full stop */
  constructor(eventId: string, because: string) {
    super(`The approval ${eventId} cannot be decided: ${because}`);
  }
}

export class ApprovalDecided extends ServiceError {
  /** @param decision who decided, how and when */
  constructor(decision: string) {
    super('APPROVAL_DECIDED', `The approval was decided before: ${decision}`);
  }
}
