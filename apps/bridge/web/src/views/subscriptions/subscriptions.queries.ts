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

/** One to be changed, as it is at that moment. */
export const subscriptionQuery = (name: string) =>
  queryOptions({
    queryKey: [SUBSCRIPTIONS, name],
    queryFn: ({ signal }) => callEventBroker('GET /v1/subscriptions/{name}', { parameters: { name }, signal }),
    gcTime: 0,
  });

export const deliveriesQuery = (search: DeliverySearch) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', search],
    queryFn: ({ pageParam, signal }) =>
      callEventBroker('GET /v1/deliveries', { query: { ...search, pageSize: '50', nextPageKey: pageParam }, signal }),
    ...pages,
    meta: { touchedBy: () => true },
  });
