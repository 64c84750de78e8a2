import { fromStructured, InvalidEvent, type KeptnEvent } from '@keptn/event-models';

/** An event with what the log gives to each: an id and a time. */
export interface LoggedEvent extends KeptnEvent {
  readonly id: string;
  readonly time: string;
}

/** An event with its place in the log. */
export interface NumberedEvent extends LoggedEvent {
  readonly sequence: number;
  /** RFC 3339; events of older releases have none. */
  readonly storedAt?: string | undefined;
}

/**
 * @param event as it was read
 * @throws InvalidEvent when it has no id, so that nothing could be derived from it
 */
export function requireLogged(event: KeptnEvent): LoggedEvent {
  const { id, time } = event;
  if (id === undefined) throw new InvalidEvent('id in body is required', 'id', 'missing');
  return { ...event, id, time: time ?? new Date().toISOString() };
}

/** @param json an event as the log serves it */
export function readLogged(json: unknown): LoggedEvent {
  return requireLogged(fromStructured(json, { optional: ['data', 'source'] }));
}
