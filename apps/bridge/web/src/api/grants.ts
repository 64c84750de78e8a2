import type { Scope, SessionState } from '@keptn/api-models';

/** The project that something is about, undefined for all of them; or that any project suffices. */
export type On = { readonly project: string | undefined } | 'any project';

/** As `Caller` decides in the services. */
export function may(grants: SessionState['grants'], scope: Scope, on: On): boolean {
  if (grants === undefined) return true;
  return grants.some(({ scopes, projects }) => {
    if (!scopes.includes(scope)) return false;
    if (projects === 'all') return true;
    if (on === 'any project') return projects.length > 0;
    return on.project !== undefined && projects.includes(on.project);
  });
}
