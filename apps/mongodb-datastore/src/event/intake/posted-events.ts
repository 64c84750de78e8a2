import {
  type EventHeaders,
  fromRequest,
  InvalidEvent,
  InvalidJson,
  type KeptnEvent,
  parseJson,
  readOrRefused,
} from '@keptn/event-models';
import { BadRequest } from '@keptn/service-kit';
import { UnacceptableEvent } from '../event.errors';
import { withoutImportMark } from './import-mark';
import { BODY_DEPTH_LIMIT } from './stored-event';

/** The original required nothing (contract 5.2); an event without a type can be neither found nor understood. */
const READ_OPTIONS = { optional: ['data', 'source'], maxDepth: BODY_DEPTH_LIMIT } as const;

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
    if (error instanceof InvalidJson) {
      throw new BadRequest(`the body is not acceptable: ${error.message}`, { reason: 'INVALID_JSON' });
    }
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
  try {
    const posted = fromRequest(headers, body, READ_OPTIONS);
    return posted.kind === 'one'
      ? { kind: 'one', event: withoutImportMark(posted.event) }
      : { kind: 'batch', events: posted.events.map(newOrRefused) };
  } catch (error) {
    throw error instanceof InvalidEvent ? refusalAsError(error) : error;
  }
}

/** One event of many, in structured mode: read or refused. */
export function readEvent(item: unknown): KeptnEvent | UnacceptableEvent {
  return refusalAsError(readOrRefused(item, READ_OPTIONS));
}

const newOrRefused = (event: KeptnEvent | InvalidEvent): KeptnEvent | UnacceptableEvent =>
  event instanceof InvalidEvent ? refusalAsError(event) : withoutImportMark(event);

function refusalAsError(event: KeptnEvent | InvalidEvent): KeptnEvent | UnacceptableEvent {
  return event instanceof InvalidEvent ? new UnacceptableEvent(event.message, { cause: event }) : event;
}
