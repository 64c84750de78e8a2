import { infiniteQueryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';
import { isOfProjectLife } from '../../api/logged-event';
import { pages } from '../../api/pages';

/** What waits for a decision in all projects. */
export const approvalsQuery = infiniteQueryOptions({
  queryKey: ['approvals'],
  queryFn: ({ pageParam, signal }) =>
    callShipyard('GET /v1/approval', { query: { ...following(), nextPageKey: pageParam }, signal }),
  ...pages,
  meta: { touchedBy: (event) => event.type.startsWith('sh.keptn.event.approval.') || isOfProjectLife(event) },
});
