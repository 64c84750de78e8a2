import { queryOptions } from '@tanstack/react-query';
import { callApi } from '../../api/clients';

/** Services, log and distribution; every event brings them further. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => callApi('GET /v1/system', { signal }),
  meta: { touchedBy: () => true },
});
