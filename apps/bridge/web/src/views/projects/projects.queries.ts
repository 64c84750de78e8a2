import { infiniteQueryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';
import { pages } from '../../api/pages';

/** All projects with their health; any event of a project changes it. */
export const projectsQuery = infiniteQueryOptions({
  queryKey: ['projects'],
  queryFn: ({ pageParam, signal }) =>
    callShipyard('GET /v1/project', { query: { ...following(), nextPageKey: pageParam }, signal }),
  ...pages,
  meta: { touchedBy: ({ project }) => project !== '' },
});
