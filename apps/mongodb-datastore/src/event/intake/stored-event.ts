import { randomUUID } from 'node:crypto';
import {
  InvalidJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  KeptnEventType,
  type KeptnEvent,
  stringifyJson,
  toWire,
} from '@keptn/event-models';
import { type NewEvent } from '../../log/new-event';
import { dateOf, instantOf } from '../../log/position';
import { EventTooLarge, UnacceptableEvent } from '../event.errors';
import { withoutTickets } from './without-tickets';

/** Longest attribute that the log can be searched by, in characters. */
const FIELD_LIMIT = 512;

/** The same for those of which several are in one index, in bytes of UTF-8: a longer key could be no entry of the embedded store. */
const NAME_LIMIT = 450;

/**
 * Deepest nesting of objects and arrays in an event, which is one level itself. A list of events adds two, and readers such
 * as api-service accept 100.
 */
const EVENT_DEPTH_LIMIT = 96;

/** A batch is one level around its events. */
export const BODY_DEPTH_LIMIT = EVENT_DEPTH_LIMIT + 1;

/** MongoDB's limit for a document is 16 MiB; the other fields of a record need far less than the rest. */
const EVENT_SIZE_LIMIT = 15 * 1024 * 1024;

/** All that is kept of a project's creation: credentials of its upstream have no place in a log (contract 5.2). */
const PROJECT_CREATE_FIELDS = ['project', 'shipyard', 'gitRemoteURL', 'eventContext'] as const;

/**
 * Makes a record of an event as it was sent: with an id and a time, without secrets, and with the text that is served.
 *
 * @param arrival when the event came in
 * @throws UnacceptableEvent for fields that are too long and data that is nested too deep
 * @throws EventTooLarge
 */
export function toNewEvent(sent: KeptnEvent, arrival: Date): NewEvent {
  const { id = randomUUID(), time = arrival.toISOString() } = sent;
  const data = sent.type === KeptnEventType.projectCreate ? reducedToProject(sent.data) : sent.data;
  const event: KeptnEvent = { ...sent, id, time, ...(data !== undefined && { data }) };
  const instant = instantOf(time);
  if (instant === undefined) throw new UnacceptableEvent(`time in body must be of type date-time: "${time}"`);
  const record = {
    instant,
    isTimed: sent.time !== undefined,
    arrival,
    time: dateOf(instant),
    id,
    source: event.source,
    type: event.type,
    specversion: event.specversion,
    ...fieldsOf('shkeptncontext', event.shkeptncontext),
    ...fieldsOf('triggeredid', event.triggeredid),
    ...fieldsOfData(event.data),
  };
  refuseLongFields(record);
  return { ...record, event: textOf(event) };
}

function fieldsOfData(
  data: JsonValue | undefined,
): Partial<Pick<NewEvent, 'project' | 'result' | 'service' | 'stage'>> {
  if (!isJsonObject(data)) return {};
  return {
    // An empty project means none (contract 5.1), other empty names can be asked for.
    ...(data['project'] !== '' && fieldsOf('project', data['project'])),
    ...fieldsOf('stage', data['stage']),
    ...fieldsOf('service', data['service']),
    ...fieldsOf('result', data['result']),
  };
}

function fieldsOf<Name extends string>(name: Name, value: JsonValue | undefined): Partial<Record<Name, string>> {
  // Lone surrogates have no UTF-8 form, which is what the database stores.
  return typeof value === 'string' ? ({ [name]: value.toWellFormed() } as Record<Name, string>) : {};
}

const NAMES_IN_DATA: ReadonlySet<string> = new Set(['project', 'stage', 'service', 'result']);
const INDEXED_TOGETHER: ReadonlySet<string> = new Set(['type', 'project', 'stage', 'service']);

function refuseLongFields(record: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string') continue;
    const field = NAMES_IN_DATA.has(name) ? `data.${name}` : name;
    if (value.length > FIELD_LIMIT) {
      throw new UnacceptableEvent(`${field} in body should be less than or equal to ${FIELD_LIMIT} characters long`);
    }
    if (INDEXED_TOGETHER.has(name) && Buffer.byteLength(value) > NAME_LIMIT) {
      throw new UnacceptableEvent(`${field} in body should be less than or equal to ${NAME_LIMIT} bytes long in UTF-8`);
    }
  }
}

function reducedToProject(data: JsonValue | undefined): JsonObject {
  if (!isJsonObject(data)) throw new UnacceptableEvent('data in body must be of type object');
  const kept = PROJECT_CREATE_FIELDS.flatMap((name): [string, JsonValue][] => {
    const value = data[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(kept);
}

function textOf(event: KeptnEvent): string {
  const text = writtenJson(withoutTickets(toWire(event)));
  if (Buffer.byteLength(text) > EVENT_SIZE_LIMIT) throw new EventTooLarge(EVENT_SIZE_LIMIT);
  return text;
}

function writtenJson(value: JsonValue): string {
  try {
    return stringifyJson(value, { maxDepth: EVENT_DEPTH_LIMIT });
  } catch (error) {
    if (error instanceof InvalidJson) throw new UnacceptableEvent(`the event is not acceptable: ${error.message}`);
    throw error;
  }
}
