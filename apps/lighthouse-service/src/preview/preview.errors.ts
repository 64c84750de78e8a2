import { ServiceError } from '@keptn/service-kit';

export class UnusableSlo extends ServiceError {
  /** @param fault with line and field */
  constructor(fault: string) {
    super('INVALID_SLO', `slo in body cannot be used: ${fault}`);
  }
}

export class ProviderNotBuiltIn extends ServiceError {
  /** @param name of the provider; empty or undefined when the project has none */
  constructor(name: string | undefined) {
    super(
      'SLI_PROVIDER_NOT_BUILT_IN',
      name
        ? `the SLI provider "${name}" is not one of those that are built in and switched on, so it answers to events only`
        : 'the project has no SLI provider: choose one by monitoring.configure',
    );
  }
}
