import { randomUUID } from 'node:crypto';
import { derivedUuid, toKeptnContext } from '@keptn/event-models';
import { type FirstUse } from '../control-plane/event-log.client';

/** What an event gets that came through the API. */
export interface Identity {
  readonly id: string;
  readonly time: string;
  /** Of an event whose sender named no Keptn context. */
  readonly keptnContext: string;
}

/** An identity that no other event has. */
export const newIdentity = (): Identity => ({
  id: randomUUID(),
  time: new Date().toISOString(),
  keptnContext: toKeptnContext(),
});

/** The identity of an event of a request that may be repeated: the same each time. */
export const repeatedIdentity = ({ seed, time }: FirstUse, index: number): Identity => ({
  id: derivedUuid(seed, `event ${index}`),
  time,
  keptnContext: derivedUuid(seed, `context ${index}`),
});
