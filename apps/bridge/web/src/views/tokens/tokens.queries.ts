import { queryOptions } from '@tanstack/react-query';
import { callApi } from '../../api/clients';
import { readAtEachVisit } from '../../api/read-at-each-visit';

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => callApi('GET /v1/token', { signal }),
  ...readAtEachVisit,
});
