import { InvalidJson } from '../json/json.errors';
import { stringifyJson } from '../json/exact-json';
import { isJsonObject } from '../json/json-value';
import { type EventHeaders, eventModeOf, fromBinary } from './binary';
import { InvalidEvent } from './invalid-event';
import { type KeptnEvent } from './keptn-event';
import { type EventReadOptions } from './read-attributes';
import { fromStructured } from './structured';

/** The events of one request: a single one, or a batch of which each is read or refused for itself. */
export type PostedEvents =
  | { readonly kind: 'one'; readonly event: KeptnEvent }
  | { readonly kind: 'batch'; readonly events: readonly (KeptnEvent | InvalidEvent)[] };

/** Each event of a batch costs far more than its bytes; longer lists of events are imported as lines, which nobody holds as a whole. */
const BATCH_LIMIT = 1_000;

export interface PostedEventOptions extends EventReadOptions {
  /** Deepest nesting of objects and arrays in the data of a binary event. */
  readonly maxDepth?: number;
}

/**
 * Reads the CloudEvents of a request in structured, binary or batch mode.
 *
 * @param body the body as `parseJson` reads it, undefined when there was none
 * @throws InvalidEvent for a single event, and for a batch that is none
 */
export function fromRequest(headers: EventHeaders, body: unknown, options: PostedEventOptions = {}): PostedEvents {
  switch (eventModeOf(headers)) {
    case 'binary':
      return { kind: 'one', event: fromBinary(headers, textOf(body, options), options) };
    case 'structured':
      if (body === undefined) throw new InvalidEvent('a JSON body is required', 'body', 'missing');
      return { kind: 'one', event: fromStructured(body, options) };
    case 'batch':
      if (!Array.isArray(body) || (body.length > 0 && !body.some(isJsonObject))) {
        throw new InvalidEvent('body must be a JSON array of CloudEvents', 'body');
      }
      if (body.length > BATCH_LIMIT) {
        const message = `a batch holds at most ${BATCH_LIMIT} events, but this one ${body.length}: send it in parts`;
        throw new InvalidEvent(message, 'body');
      }
      return { kind: 'batch', events: body.map((item) => readOrRefused(item, options)) };
  }
}

/** One event of many, in structured mode. */
export function readOrRefused(item: unknown, options: EventReadOptions): KeptnEvent | InvalidEvent {
  try {
    return fromStructured(item, options);
  } catch (error) {
    if (error instanceof InvalidEvent) return error;
    throw error;
  }
}

function textOf(body: unknown, { maxDepth }: PostedEventOptions): string {
  if (body === undefined) return '';
  try {
    return stringifyJson(body, maxDepth === undefined ? {} : { maxDepth });
  } catch (error) {
    if (!(error instanceof InvalidJson)) throw error;
    throw new InvalidEvent(`data in body is ${error.message}`, 'data', 'invalid', { cause: error });
  }
}
