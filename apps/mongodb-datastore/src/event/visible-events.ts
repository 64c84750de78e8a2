import { type Caller } from '@keptn/api-models';
import { type EventFilter } from '../log/event-filter';

/** The filter for those of its events only that the caller may read. */
export function visibleTo(caller: Caller, filter: EventFilter): EventFilter {
  const projects = caller.projectsWith('event:read');
  if (projects === 'all') return filter;
  const asked = filter.anyOf.project;
  const both = asked === undefined ? projects : projects.filter((project) => asked.includes(project));
  return { ...filter, anyOf: { ...filter.anyOf, project: both } };
}
