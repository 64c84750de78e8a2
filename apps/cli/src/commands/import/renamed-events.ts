import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  isExactNumber,
  isJsonObject,
  jsonLinesOf,
  type JsonObject,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '@keptn/event-models/json';

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/**
 * The events of an export as those of a project with another name: the name in their data, new ids and new contexts, the
 * same wherever they are named. The new ids follow from the old ones and the name, so an import that broke off can be
 * repeated without storing anything twice.
 *
 * @param file events as lines of JSON
 */
export async function* renamedEvents(file: string, { from, to }: Renaming): AsyncIterable<string> {
  if (from === to) {
    yield* linesOf(file);
    return;
  }
  const identifiers = await identifiersIn(file);
  const renew = (text: string): string => (identifiers.has(text) ? newIdentifier(to, text) : text);
  for await (const line of linesOf(file)) {
    const event = mapTexts(parseJson(line), renew) as JsonObject;
    const { data } = event;
    const isOfProject = data !== undefined && isJsonObject(data) && data['project'] === from;
    yield stringifyJson(isOfProject ? { ...event, data: { ...data, project: to } } : event);
  }
}

async function* linesOf(file: string): AsyncIterable<string> {
  for await (const line of jsonLinesOf(createReadStream(file, 'utf8'))) {
    yield line.replace(/^\u{feff}/u, '');
  }
}

async function identifiersIn(file: string): Promise<Set<string>> {
  const identifiers = new Set<string>();
  for await (const line of linesOf(file)) {
    const { id, shkeptncontext } = parseJson(line) as JsonObject;
    for (const identifier of [id, shkeptncontext]) {
      if (typeof identifier === 'string') {
        identifiers.add(identifier);
      }
    }
  }
  return identifiers;
}

/** A UUID of version 8, made of a digest (RFC 9562, 5.8). */
function newIdentifier(project: string, identifier: string): string {
  const bytes = createHash('sha256').update(`${project}\n${identifier}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Every text in a JSON value, keys left alone. */
function mapTexts(value: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof value === 'string') {
    return map(value);
  }
  if (Array.isArray(value)) {
    return value.map((each: JsonValue) => mapTexts(each, map));
  }
  if (isExactNumber(value) || !isJsonObject(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}
