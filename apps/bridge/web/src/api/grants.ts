import type { Scope, SessionState, Subscription } from '@keptn/api-models';
import { isPermittedWith } from '@keptn/api-models/subscription-projects';

/**
 * What something is about: a project, undefined for all of them; a subscription, which is about the projects that it can get events of; or
 * any project, one of which suffices.
 */
export type On =
  | { readonly project: string | undefined }
  | { readonly subscription: Pick<Subscription, 'filters'> }
  | 'any project';

/** As `Caller` decides in the services. */
export function may(grants: SessionState['grants'], scope: Scope, on: On): boolean {
  if (grants === undefined) return true;
  if (on === 'any project') return grants.some((grant) => grant.scopes.includes(scope) && grant.projects.length > 0);
  if ('subscription' in on) {
    return isPermittedWith(on.subscription.filters, (project) => may(grants, scope, { project }));
  }
  return grants.some(
    ({ scopes, projects }) =>
      scopes.includes(scope) && (projects === 'all' || (on.project !== undefined && projects.includes(on.project))),
  );
}
