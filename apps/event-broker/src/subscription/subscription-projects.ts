import { type Caller, isPermittedWith, type Scope, type SubscriptionSpec } from '@keptn/api-models';

/** Whether the caller has the scope on all projects that the subscription can get events of. */
export const mayWithSubscription = (
  caller: Caller,
  scope: Scope,
  { filters }: Pick<SubscriptionSpec, 'filters'>,
): boolean => isPermittedWith(filters, (project) => caller.may(scope, project));
