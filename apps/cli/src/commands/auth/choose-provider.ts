import type { IdentityProvider } from '@keptn/api-models';
import { Failure, UsageFailure } from '../../failures/failure';

/**
 * @param name as `--identity-provider` has it; may be left out where there is one alone
 * @throws Failure when people cannot sign in there
 * @throws UsageFailure when it is not clear which provider is meant
 */
export function chooseProvider(providers: readonly IdentityProvider[], name: string | undefined): IdentityProvider {
  const [first] = providers;
  if (first === undefined) {
    throw new Failure('notAuthenticated', 'nobody can sign in at this control plane', {
      hint: 'Its administrator has set up no identity provider for people: use an API token.',
    });
  }
  const chosen = name === undefined && providers.length === 1 ? first : providers.find((each) => each.name === name);
  if (chosen === undefined) {
    const names = providers.map((each) => `"${each.name}"`).join(', ');
    throw new UsageFailure('which identity provider is not clear', `Give --identity-provider: ${names}.`);
  }
  return chosen;
}
