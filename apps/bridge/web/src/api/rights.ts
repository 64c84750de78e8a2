import type { Scope } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { may, type On } from './grants';
import { sessionQuery } from './session';

/**
 * Whether the API would let the person do something, so that no button leads to a refusal. What is not known is left to the API, which
 * decides in any case.
 */
export function useMay(scope: Scope, on: On): boolean {
  const { data } = useQuery(sessionQuery);
  return may(data?.grants, scope, on);
}
