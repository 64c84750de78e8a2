import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { callEventBroker } from '../../api/clients';
import { pages } from '../../api/pages';
import { type DeliverySearch } from './delivery-search';

const SUBSCRIPTIONS = 'subscriptions';

/** All subscriptions and how they fare: every event brings them further. */
export const subscriptionsQuery = queryOptions({
  queryKey: [SUBSCRIPTIONS],
  queryFn: ({ signal }) => callEventBroker('GET /v1/subscriptions', { signal }),
  meta: { touchedBy: () => true },
});

export const deliveriesQuery = (search: DeliverySearch) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', search],
    queryFn: ({ pageParam, signal }) =>
      callEventBroker('GET /v1/deliveries', { query: { ...search, pageSize: '50', nextPageKey: pageParam }, signal }),
    ...pages,
    meta: { touchedBy: () => true },
  });
