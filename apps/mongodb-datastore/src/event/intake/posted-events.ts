import {
  type EventHeaders,
  eventModeOf,
  type EventReadOptions,
  fromBinary,
  fromStructured,
  InvalidEvent,
  InvalidJson,
  type KeptnEvent,
  parseJson,
  stringifyJson,
} from '@keptn/event-models';
import { BadRequest } from '@keptn/service-kit';
import { UnacceptableEvent } from '../event.errors';
import { BODY_DEPTH_LIMIT } from './stored-event';

/** The original required nothing (contract 5.2); an event without a type can be neither found nor understood. */
const READ_OPTIONS: EventReadOptions = { optional: ['data', 'source'] };

/** The events of one request, each read or refused. */
export type PostedEvents =
  | { readonly kind: 'one'; readonly event: KeptnEvent }
  | { readonly kind: 'batch'; readonly events: readonly (KeptnEvent | UnacceptableEvent)[] };

/**
 * Reads a JSON body so that every number in it survives.
 *
 * @throws BadRequest
 */
export function parseBody(text: string): unknown {
  try {
    return parseJson(text, { maxDepth: BODY_DEPTH_LIMIT });
  } catch (error) {
    if (error instanceof InvalidJson) throw new BadRequest(`the body is not acceptable: ${error.message}`);
    throw error;
  }
}

/**
 * Reads CloudEvents in structured, binary or batch mode.
 *
 * @param body what {@link parseBody} made of the body, undefined when there was none
 * @throws UnacceptableEvent
 */
export function readPostedEvents(headers: EventHeaders, body: unknown): PostedEvents {
  switch (eventModeOf(headers)) {
    case 'binary':
      return { kind: 'one', event: reading(() => fromBinary(headers, textOf(body), READ_OPTIONS)) };
    case 'structured':
      if (body === undefined) throw new UnacceptableEvent('a JSON body is required');
      return { kind: 'one', event: reading(() => fromStructured(body, READ_OPTIONS)) };
    case 'batch':
      if (!Array.isArray(body)) throw new UnacceptableEvent('body must be a JSON array of CloudEvents');
      return { kind: 'batch', events: body.map(readEvent) };
  }
}

const textOf = (body: unknown): string =>
  body === undefined ? '' : stringifyJson(body, { maxDepth: BODY_DEPTH_LIMIT });

/** One event of many, in structured mode: read or refused. */
export function readEvent(item: unknown): KeptnEvent | UnacceptableEvent {
  try {
    return reading(() => fromStructured(item, READ_OPTIONS));
  } catch (error) {
    if (error instanceof UnacceptableEvent) return error;
    throw error;
  }
}

const reading = <Result>(read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidEvent || error instanceof InvalidJson) {
      throw new UnacceptableEvent(error.message, { cause: error });
    }
    throw error;
  }
};
