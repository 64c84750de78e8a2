import { NotFound } from '@keptn/service-kit';

export class OpenRemediationNotFound extends NotFound {
  constructor() {
    super('Could not close remediation: open remediation not found');
  }
}
