import type { DeliveryOutcome } from '@keptn/api-models';

/** Which deliveries are shown; every part is in the URL. */
export interface DeliverySearch {
  readonly subscription?: string;
  readonly outcome?: DeliveryOutcome;
  readonly keptnContext?: string;
}

export const OUTCOMES: readonly DeliveryOutcome[] = ['dead', 'refused', 'retrying', 'delivered'];

export function readDeliverySearch(given: Readonly<Record<string, unknown>>): DeliverySearch {
  const { subscription, keptnContext } = given;
  const outcome = OUTCOMES.find((each) => each === given['outcome']);
  return {
    ...(typeof subscription === 'string' && subscription !== '' && { subscription }),
    ...(outcome && { outcome }),
    ...(typeof keptnContext === 'string' && keptnContext !== '' && { keptnContext }),
  };
}
