import { NotFound } from '@keptn/service-kit';

export class ApprovalNotFound extends NotFound {
  constructor() {
    super('Approval not found', { reason: 'APPROVAL_NOT_FOUND' });
  }
}

/** A client tries again when it gets this status (contract 4.9). */
export class OpenApprovalNotFound extends NotFound {
  constructor() {
    super('Could not close approval: open approval not found', { reason: 'APPROVAL_NOT_FOUND' });
  }
}

export class OpenRemediationNotFound extends NotFound {
  constructor() {
    super('Could not close remediation: open remediation not found', { reason: 'REMEDIATION_NOT_FOUND' });
  }
}
