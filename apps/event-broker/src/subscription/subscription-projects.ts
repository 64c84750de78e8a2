import { type Caller, type Scope, type SubscriptionFilter, type SubscriptionSpec } from '@keptn/api-models';

/**
 * The projects that the events of a subscription can be of, as far as its filters say so.
 *
 * @returns undefined when they can be of any project, or of none
 */
export function projectsOfFilters(filters: readonly SubscriptionFilter[] = []): readonly string[] | undefined {
  for (const filter of filters) {
    const projects = projectsOfFilter(filter);
    if (projects !== undefined) return projects;
  }
  return undefined;
}

function projectsOfFilter({ exact, all, any }: SubscriptionFilter): readonly string[] | undefined {
  const project = exact?.['project'] ?? exact?.['data.project'];
  if (project !== undefined) return [project];
  const ofAll = projectsOfFilters(all);
  if (ofAll !== undefined || any === undefined) return ofAll;
  const alternatives = any.map(projectsOfFilter);
  return alternatives.every((each) => each !== undefined) ? alternatives.flat() : undefined;
}

/** Whether the caller has the scope on all projects that the subscription can get events of. */
export function mayWithSubscription(
  caller: Caller,
  scope: Scope,
  { filters }: Pick<SubscriptionSpec, 'filters'>,
): boolean {
  const projects = projectsOfFilters(filters) ?? [undefined];
  return projects.every((project) => caller.may(scope, project));
}
