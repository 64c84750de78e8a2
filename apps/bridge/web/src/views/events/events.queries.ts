import { queryOptions } from '@tanstack/react-query';
import { callApi } from '../../api/clients';

/** The types of events with the schemas of their data. */
export const eventTypesQuery = queryOptions({
  queryKey: ['event-types'],
  queryFn: ({ signal }) => callApi('GET /v1/event-type', { signal }),
});
