import type { Delivery } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { may } from '../../api/grants';
import { sessionQuery } from '../../api/session';
import { subscriptionsQuery } from './subscriptions.queries';

const SCOPE = 'subscription:write';

/**
 * Whether the person may repeat a delivery, as they may change its subscription. Only for those who may change some and not all of them
 * the subscriptions have to be read, of which a delivery has the name only.
 */
export function useMayRedeliver(): (delivery: Delivery) => boolean {
  const { data: session } = useQuery(sessionQuery);
  const mayAll = may(session?.grants, SCOPE, { project: undefined });
  const enabled = !mayAll && may(session?.grants, SCOPE, 'any project');
  const { data } = useQuery({ ...subscriptionsQuery, enabled });
  return ({ subscription: name }) => {
    const subscription = data?.subscriptions.find((each) => each.name === name);
    return mayAll || (subscription !== undefined && may(session?.grants, SCOPE, { subscription }));
  };
}
