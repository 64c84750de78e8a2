import { Failure, UsageFailure } from '../failures/failure';
import { type Environment } from '../environment';
import { type Context, type ContextsFile } from './contexts-file';

export interface ActiveContext extends Context {
  /** Under which it is stored; absent for that of the environment. */
  readonly name?: string;
  /** Where it comes from, for a person. */
  readonly origin: string;
}

/** Names of contexts: what can be typed and completed without quotes. */
const CONTEXT_NAME = /^[\w.-]{1,64}$/;

export const DEFAULT_CONTEXT = 'default';

/** @throws UsageFailure */
export function assertContextName(name: string): void {
  if (!CONTEXT_NAME.test(name) || name === '__proto__') {
    throw new UsageFailure(
      `"${name}" cannot be the name of a context: use letters, digits, dots, dashes and underscores`,
    );
  }
}

/**
 * The context that a command uses: the named one, that of the environment, or the current one, in this order.
 *
 * @param name value of `--context`
 * @returns undefined when there are no credentials at all
 * @throws Failure when it is named and unknown
 * @throws UsageFailure when the environment names only half of it
 */
export function findContext(
  name: string | undefined,
  environment: Environment,
  file: ContextsFile,
): ActiveContext | undefined {
  const ofEnvironment = name === undefined ? contextOf(environment) : undefined;
  if (ofEnvironment !== undefined) {
    return ofEnvironment;
  }
  const { current, contexts } = file.read();
  const chosen = name ?? environment.context ?? current;
  if (chosen === undefined) {
    return undefined;
  }
  if (!Object.hasOwn(contexts, chosen)) {
    const known = Object.keys(contexts);
    throw new Failure('notAuthenticated', `there is no context "${chosen}"`, {
      hint:
        known.length === 0
          ? 'Create one with "keptn auth --context".'
          : `There are ${known.join(', ')}. Create another one with "keptn auth --context".`,
    });
  }
  return { ...(contexts[chosen] as Context), name: chosen, origin: `context ${chosen}` };
}

/** A token is sent to the endpoint that it was given for, and to no other: both come from the environment, or none. */
function contextOf({ endpoint, apiToken }: Environment): ActiveContext | undefined {
  if (endpoint === undefined && apiToken === undefined) {
    return undefined;
  }
  if (endpoint === undefined || apiToken === undefined) {
    const [given, missing] = endpoint === undefined ? ['API_TOKEN', 'ENDPOINT'] : ['ENDPOINT', 'API_TOKEN'];
    throw new UsageFailure(
      `KEPTN_${given} is set, but KEPTN_${missing} is not`,
      'Set both, or neither to use what "keptn auth" has stored.',
    );
  }
  return { endpoint: canonicalEndpoint(endpoint), token: apiToken, origin: 'KEPTN_ENDPOINT and KEPTN_API_TOKEN' };
}

/**
 * An endpoint as people give it, in the form to which paths are appended: with a scheme, without a slash at the end, and
 * with `/api` when it has no path (contract 6.2).
 *
 * @throws UsageFailure
 */
export function canonicalEndpoint(text: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new UsageFailure(
      `"${text}" is not the address of an API`,
      'It looks like https://keptn.example.com/api, or http://localhost:8080/api.',
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageFailure('the endpoint must be an address without a user, a password, ? and #');
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/api' : path}`;
}
