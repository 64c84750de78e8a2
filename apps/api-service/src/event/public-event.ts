import { type KeptnEvent } from '@keptn/event-models';
import { type EventWithObject } from '../control-plane/event-log.client';
import { type Identity } from '../idempotency/identity';

/** An event as a client sent it, with data that is an object. */
export type SentEvent = EventWithObject;

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
