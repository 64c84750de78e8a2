import type { SystemState } from '@keptn/api-models';
import { queryOptions } from '@tanstack/react-query';
import { callApi } from '../../api/clients';

/** What fails is behind for longer. */
const isDelivering = ({ distribution }: SystemState): boolean =>
  distribution !== undefined && distribution.lag > 0 && distribution.failing.length === 0;

/** Services, log and distribution; every event brings them further. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => callApi('GET /v1/system', { signal }),
  meta: { touchedBy: () => true, mayFollow: isDelivering },
});
