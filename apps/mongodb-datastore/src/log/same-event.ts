import { isDeepStrictEqual } from 'node:util';
import { IMPORT_TIME, isJsonObject, parseJson } from '@keptn/event-models';
import { type NewEvent } from './new-event';

/** How an event is written and came, not what it says: the same event may come once as 0.2 and once as 1.0. */
const FORM: readonly string[] = ['specversion', 'contenttype', 'datacontenttype', IMPORT_TIME];

/**
 * Whether an event says the same as a stored one. Without a time of its own it may have come at any.
 *
 * @param stored the text of the stored event
 */
export function saysTheSame({ event, isTimed }: Pick<NewEvent, 'event' | 'isTimed'>, stored: string): boolean {
  if (event === stored) return true;
  const passedOver = isTimed ? FORM : [...FORM, 'time'];
  return isDeepStrictEqual(contentOf(event, passedOver), contentOf(stored, passedOver));
}

function contentOf(text: string, passedOver: readonly string[]): unknown {
  const event = parseJson(text);
  if (!isJsonObject(event)) return event;
  return Object.fromEntries(Object.entries(event).filter(([name]) => !passedOver.includes(name)));
}
