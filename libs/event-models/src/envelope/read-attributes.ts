import { InvalidJson } from '../json/json.errors';
import { parseJson } from '../json/exact-json';
import { isJsonObject, type JsonObject, type JsonValue, own, setOwn } from '../json/json-value';
import { cloudEventBody, cloudEventBodyWithout, type RequiredAttribute, specVersionOf } from './cloud-event.schema';
import { isZeroTime, toRfc3339 } from './event-time';
import { InvalidEvent } from './invalid-event';
import { type KeptnEvent, type SpecVersion } from './keptn-event';
import { isJsonMediaType } from './media-type';

export interface EventReadOptions {
  /** Attributes that may be absent or empty; none when absent. Then `source` and `type` read as "", `data` is absent. */
  readonly optional?: readonly RequiredAttribute[];
  /** Stands in for an empty `source`; without it the source stays "". */
  readonly defaultSource?: string;
  /** `object` refuses data that is not a JSON object; `any` is the default. */
  readonly data?: 'any' | 'object';
}

/** Attributes that are fields of a {@link KeptnEvent}, or that say how its data is encoded. */
const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'contenttype',
  'data',
  'data_base64',
  'datacontentencoding',
  'datacontenttype',
  'id',
  'shkeptncontext',
  'source',
  'specversion',
  'time',
  'triggeredid',
  'type',
]);

/** The original reads field names in any case: `shKeptnContext` is `shkeptncontext` unless that is given as well. */
function inKnownSpelling(attributes: JsonObject): JsonObject {
  if (Object.keys(attributes).every((name) => attributes[name] !== null && !isOtherSpelling(name))) return attributes;
  const spelled = {};
  for (const [name, value] of Object.entries(attributes)) {
    const lower = name.toLowerCase();
    const known = KNOWN_ATTRIBUTES.has(lower) && !Object.hasOwn(attributes, lower);
    if (value !== null) setOwn(spelled, known ? lower : name, value);
  }
  return spelled;
}

function isOtherSpelling(name: string): boolean {
  const lower = name.toLowerCase();
  return lower !== name && KNOWN_ATTRIBUTES.has(lower);
}

function textOf(attributes: JsonObject, name: string): string | undefined {
  const value = own(attributes, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decodedJson(base64: string): JsonValue {
  try {
    return parseJson(Buffer.from(base64, 'base64').toString('utf8'));
  } catch (error) {
    if (!(error instanceof InvalidJson)) throw error;
    throw new InvalidEvent(`data in body is base64 of ${error.message}`, 'data', 'invalid', { cause: error });
  }
}

function requireBase64(text: JsonValue, field: string): string {
  if (typeof text !== 'string' || Buffer.from(text, 'base64').toString('base64') !== text) {
    throw new InvalidEvent(`${field} in body must be base64 in the standard alphabet with padding`, field);
  }
  return text;
}

/** The base64 text of the data, when it is sent so: `data_base64` of 1.0, `datacontentencoding` of 0.2 and 0.3. */
function base64Of(attributes: JsonObject): string | undefined {
  const inline = attributes['data_base64'];
  if (inline !== undefined) return requireBase64(inline, 'data_base64');
  if (textOf(attributes, 'datacontentencoding')?.toLowerCase() !== 'base64') return undefined;
  return attributes['data'] === undefined ? undefined : requireBase64(attributes['data'], 'data');
}

type EventData = Pick<KeptnEvent, 'data' | 'dataBase64'>;

/** Base64 of JSON is read as the JSON that it is, so that a Keptn event means the same in every encoding. */
function dataOf(attributes: JsonObject, mediaType: string | undefined): EventData {
  const base64 = base64Of(attributes);
  if (base64 !== undefined) {
    return isJsonMediaType(mediaType) ? { data: decodedJson(base64) } : { dataBase64: base64 };
  }
  const data = attributes['data'];
  return data === undefined || data === '' ? {} : { data };
}

function mediaTypeOf(attributes: JsonObject, version: SpecVersion): string | undefined {
  const names = version === '0.2' ? ['contenttype', 'datacontenttype'] : ['datacontenttype', 'contenttype'];
  return names.map((name) => textOf(attributes, name)).find((mediaType) => mediaType !== undefined);
}

function timeOf(attributes: JsonObject): string | undefined {
  const time = toRfc3339(textOf(attributes, 'time') ?? '');
  return time === undefined || isZeroTime(time) ? undefined : time;
}

function extensionsOf(attributes: JsonObject): JsonObject {
  const extensions = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!KNOWN_ATTRIBUTES.has(name)) setOwn(extensions, name, value);
  }
  return Object.freeze(extensions);
}

/** @throws InvalidEvent for the first fault, in the order data, source, time, type, then the rest */
function check(attributes: JsonObject, { optional = [], data = 'any' }: EventReadOptions): void {
  // Data that comes as base64 stands for `data`, which the schema asks for.
  const checked = attributes['data'] === undefined ? { ...attributes, data: attributes['data_base64'] } : attributes;
  const schema = optional.length === 0 ? cloudEventBody : cloudEventBodyWithout(optional);
  const issue = schema.safeParse(checked).error?.issues[0];
  const field = issue === undefined ? undefined : String(issue.path[0]);
  // `data` is first in the order, so its type is judged before the fault of any other field is reported.
  if (field !== 'data' && data === 'object') requireObject(attributes);
  if (issue === undefined || field === undefined) return;
  throw new InvalidEvent(issue.message, field, issue.message.endsWith('is required') ? 'missing' : 'invalid');
}

function requireObject(attributes: JsonObject): void {
  const version = specVersionOf(textOf(attributes, 'specversion') ?? '') ?? '1.0';
  const { data, dataBase64 } = dataOf(attributes, mediaTypeOf(attributes, version));
  if (dataBase64 === undefined && data === undefined) return;
  if (!isJsonObject(data)) throw new InvalidEvent('data in body must be of type object', 'data');
}

function whenGiven<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}

/**
 * Makes an event of the attributes of one CloudEvent, whatever form they came in.
 * @throws InvalidEvent
 */
export function eventOf(given: JsonObject, options: EventReadOptions): KeptnEvent {
  const attributes = inKnownSpelling(given);
  check(attributes, options);
  const version = specVersionOf(textOf(attributes, 'specversion') ?? '') ?? '0.2';
  const mediaType = mediaTypeOf(attributes, version);
  return Object.freeze({
    specversion: version,
    source: textOf(attributes, 'source') ?? options.defaultSource ?? '',
    type: textOf(attributes, 'type') ?? '',
    ...whenGiven('id', textOf(attributes, 'id')),
    ...whenGiven('time', timeOf(attributes)),
    ...whenGiven('datacontenttype', mediaType),
    ...whenGiven('shkeptncontext', textOf(attributes, 'shkeptncontext')),
    ...whenGiven('triggeredid', textOf(attributes, 'triggeredid')),
    ...dataOf(attributes, mediaType),
    extensions: extensionsOf(attributes),
  });
}
