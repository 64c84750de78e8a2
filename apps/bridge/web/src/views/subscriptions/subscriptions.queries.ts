import type { Subscription } from '@keptn/api-models';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { callEventBroker } from '../../api/clients';
import { pages } from '../../api/pages';
import { readAtEachVisit } from '../../api/read-at-each-visit';
import { type DeliverySearch } from './delivery-search';

const SUBSCRIPTIONS = 'subscriptions';

interface Answer {
  readonly subscriptions: readonly Subscription[];
}

/** What fails is behind for longer. */
const isDelivering = ({ state, failingSince, lag }: Subscription): boolean =>
  state === 'active' && failingSince === undefined && lag > 0;

/** All subscriptions and how they fare: every event brings them further, but none says that somebody has changed one. */
export const subscriptionsQuery = queryOptions({
  queryKey: [SUBSCRIPTIONS],
  queryFn: ({ signal }) => callEventBroker('GET /v1/subscriptions', { signal }),
  ...readAtEachVisit,
  meta: { touchedBy: () => true, mayFollow: ({ subscriptions }: Answer) => subscriptions.some(isDelivering) },
});

/** One to be changed, as it is at that moment. */
export const subscriptionQuery = (name: string) =>
  queryOptions({
    queryKey: [SUBSCRIPTIONS, name],
    queryFn: ({ signal }) => callEventBroker('GET /v1/subscriptions/{name}', { parameters: { name }, signal }),
    gcTime: 0,
  });

/** An event is delivered after it is seen here, and its delivery recorded in the second after that. */
export const deliveriesQuery = (search: DeliverySearch) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', search],
    queryFn: ({ pageParam, signal }) =>
      callEventBroker('GET /v1/deliveries', { query: { ...search, pageSize: '50', nextPageKey: pageParam }, signal }),
    ...pages,
    meta: { touchedBy: () => true, mayFollow: () => true },
  });
