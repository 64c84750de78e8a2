import type { SubscriptionFilter } from './filter';

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

/**
 * Whether something is permitted on all projects that a subscription can get events of.
 *
 * @param isPermitted on a project; undefined stands for all of them
 */
export const isPermittedWith = (
  filters: readonly SubscriptionFilter[] | undefined,
  isPermitted: (project: string | undefined) => boolean,
): boolean => (projectsOfFilters(filters) ?? [undefined]).every(isPermitted);
