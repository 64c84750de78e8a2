import type { EventContext } from '@keptn/api-models';

/** Of one event; a batch is answered with a list. */
export const isSent = (answer: EventContext | readonly unknown[]): answer is EventContext => 'keptnContext' in answer;
