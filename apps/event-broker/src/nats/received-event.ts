import {
  derivedUuid,
  fromStructured,
  InvalidEvent,
  type KeptnEvent,
  parseJson,
  stringifyJson,
  toWire,
} from '@keptn/event-models';
import { eventKey } from './arrival.store';

/** The log takes events without them, as Keptn 0.7 did. */
const READ_OPTIONS = { optional: ['data', 'source'] } as const;

/** Of the ids that are made here; any constant UUID would do. */
const NAMESPACE = '6ee0a8c4-8d0e-4c2f-9a53-6b2f0b5f0d1c';

/** An event that came in over NATS. */
export interface ReceivedEvent {
  readonly key: string;
  readonly event: KeptnEvent & { readonly id: string };
  /** As it is stored. */
  readonly text: string;
}

/** @throws InvalidJson, InvalidEvent */
export function receivedEventOf(payload: string): ReceivedEvent {
  const event = fromStructured(parseJson(payload), READ_OPTIONS);
  const { id } = event;
  if (id === undefined) throw new InvalidEvent('id in body is required', 'id', 'missing');
  return received({ ...event, id });
}

/** The same event under an id of its own, because another one has its id: always the same one, so that it is stored once. */
export function withOwnId({ event, text }: ReceivedEvent): ReceivedEvent {
  const extensions = { ...event.extensions, sentid: event.id };
  return received({ ...event, extensions, id: derivedUuid(NAMESPACE, text) });
}

const received = (event: ReceivedEvent['event']): ReceivedEvent => ({
  key: eventKey(event),
  event,
  text: stringifyJson(toWire(event)),
});
