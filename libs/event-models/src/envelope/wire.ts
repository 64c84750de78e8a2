import { type JsonObject, type JsonValue, setOwn } from '../json/json-value';
import { type KeptnEvent } from './keptn-event';

function encodedData(event: KeptnEvent): JsonObject {
  if (event.dataBase64 === undefined) return event.data === undefined ? {} : { data: event.data };
  if (event.specversion === '1.0') return { data_base64: event.dataBase64 };
  return { data: event.dataBase64, datacontentencoding: 'base64' };
}

function mediaTypeNames(event: KeptnEvent): readonly string[] {
  return event.specversion === '0.2' ? ['contenttype'] : ['contenttype', 'datacontenttype'];
}

/**
 * The structured JSON of an event as it is served: in the version that was sent, plus the names of 0.2 that old clients
 * read. Write it with `stringifyJson`. Reading it again with `fromStructured` gives the same event.
 */
export function toWire(event: KeptnEvent): JsonObject {
  const wire: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(event.extensions)) setOwn(wire, name, value);
  if (event.datacontenttype !== undefined) {
    for (const name of mediaTypeNames(event)) wire[name] = event.datacontenttype;
  }
  Object.assign(wire, encodedData(event), { source: event.source, specversion: event.specversion, type: event.type });
  for (const name of ['id', 'time', 'shkeptncontext', 'triggeredid'] as const) {
    const value = event[name];
    if (value !== undefined) wire[name] = value;
  }
  return wire;
}
