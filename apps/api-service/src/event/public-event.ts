import { randomUUID } from 'node:crypto';
import { derivedUuid, type KeptnEvent, toKeptnContext } from '@keptn/event-models';
import { type EventWithObject, type FirstUse } from '../control-plane/event-log.client';

/** An event as a client sent it, with data that is an object. */
export type SentEvent = EventWithObject;

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

/**
 * The event that is stored for a sent one. Files with a fixed id and a time of years ago are sent again and again, and each
 * time something new is meant, so both are made here; what the sender wrote is kept beside them.
 */
export function publicEvent<Sent extends KeptnEvent>(sent: Sent, { id, time, keptnContext }: Identity): Sent {
  const extensions = {
    ...sent.extensions,
    ...(sent.id !== undefined && { sentid: sent.id }),
    ...(sent.time !== undefined && { senttime: sent.time }),
  };
  return { ...sent, id, time, shkeptncontext: sent.shkeptncontext ?? keptnContext, extensions };
}
