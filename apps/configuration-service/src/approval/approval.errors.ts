import { NotFound } from '@keptn/service-kit';

export class ApprovalNotFound extends NotFound {
  constructor() {
    super('Approval not found');
  }
}

/** A client tries again when it gets this status (contract 4.9). */
export class OpenApprovalNotFound extends NotFound {
  constructor() {
    super('Could not close approval: open approval not found');
  }
}
