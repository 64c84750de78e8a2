import { ServiceError } from '@keptn/service-kit';

export class UnusableSlo extends ServiceError {
  /** @param fault with line and field */
  constructor(fault: string) {
    super('INVALID_SLO', `slo in body cannot be used: ${fault}`);
  }
}
