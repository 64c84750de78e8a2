import { infiniteQueryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';
import { isOfProjectLife } from '../../api/logged-event';
import { pages } from '../../api/pages';
import { type ProblemFilter } from './problem-filter';

/** Of problems, of what is done about them, and of the evaluations of that. */
const TYPES = /^sh\.keptn\.events?\.(?:problem|remediation|action|start-evaluation|evaluation-done)/;

export const problemsQuery = (filter: ProblemFilter) =>
  infiniteQueryOptions({
    queryKey: ['problems', filter],
    queryFn: ({ pageParam, signal }) =>
      callShipyard('GET /v1/problem', { query: { ...filter, ...following(), nextPageKey: pageParam }, signal }),
    ...pages,
    meta: { touchedBy: (event) => TYPES.test(event.type) || isOfProjectLife(event) },
  });
