import { isJsonObject } from '../json/json-value';
import { InvalidEvent } from './invalid-event';
import { type KeptnEvent } from './keptn-event';
import { eventOf, type EventReadOptions } from './read-attributes';

/**
 * Reads a CloudEvent in structured JSON (0.2, 0.3, 1.0; without `specversion` it is 0.2, as Keptn's clients send it).
 * @param json the parsed body; read it with `parseJson` to keep its numbers exact
 * @throws InvalidEvent the first fault in the order data, source, time, type, then the rest
 */
export function fromStructured(json: unknown, options: EventReadOptions = {}): KeptnEvent {
  if (!isJsonObject(json)) throw new InvalidEvent('body must be a JSON object that holds one CloudEvent', 'body');
  return eventOf(json, options);
}
