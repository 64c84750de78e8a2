import { type AnswerOf, api } from '@keptn/api-models';
import { Route, SETTINGS } from '@keptn/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { type ApiServiceSettings } from '../settings';

const { listIdentityProviders } = api;

@Controller()
export class IdentityProviderController {
  constructor(@Inject(SETTINGS) private readonly settings: ApiServiceSettings) {}

  /** Those that only have tokens checked, such as the providers of CI systems, are not for people. */
  @Route(listIdentityProviders)
  list(): AnswerOf<typeof listIdentityProviders> {
    const identityProviders = this.settings.IDENTITY_PROVIDERS.flatMap(({ issuer, signIn }) =>
      signIn === undefined ? [] : [{ issuer, ...signIn }],
    );
    return { identityProviders };
  }
}
