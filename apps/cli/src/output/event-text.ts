import { isJsonObject, type JsonObject, type JsonValue } from '@keptn/event-models/json';

export const eventColumns = ['TIME', 'TYPE', 'WHERE', 'SOURCE', 'RESULT'];

/** An event as a row of {@link eventColumns}. */
export function eventRow(event: JsonObject): string[] {
  return [text(event['time']), text(event['type']), locationOf(event), sourceOf(event), resultOf(event)];
}

export const eventLine = (event: JsonObject): string =>
  eventRow(event)
    .filter((cell) => cell !== '')
    .join('  ');

const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

export function dataOf({ data }: JsonObject): JsonObject {
  return data !== undefined && isJsonObject(data) ? data : {};
}

export function locationOf(event: JsonObject): string {
  const { project, stage, service } = dataOf(event);
  return [project, stage, service]
    .map(text)
    .filter((part) => part !== '')
    .join('/');
}

export const typeOf = ({ type }: JsonObject): string => text(type);

export const idOf = ({ id }: JsonObject): string => text(id);

/** The last part of a source that is an address. */
export const sourceOf = ({ source }: JsonObject): string => text(source).split('/').at(-1) ?? '';

/** What an event says of how it went, wherever its type keeps it. */
export function resultOf(event: JsonObject): string {
  const data = dataOf(event);
  for (const part of [data, data['approval'], data['action'], data['remediation']]) {
    if (part !== undefined && isJsonObject(part) && text(part['result']) !== '') {
      return text(part['result']);
    }
  }
  return '';
}
