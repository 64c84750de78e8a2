import { InvalidJson } from '../json/json.errors';
import { parseJson } from '../json/exact-json';
import { type JsonObject, type JsonValue, setOwn } from '../json/json-value';
import { InvalidEvent } from './invalid-event';
import { type KeptnEvent } from './keptn-event';
import { essenceOf, isJsonMediaType, isTextMediaType } from './media-type';
import { eventOf, type EventReadOptions } from './read-attributes';

/** Headers of a request, by lower-case name, as Node gives them. */
export type EventHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How a request carries its CloudEvents. */
export type EventMode = 'structured' | 'binary' | 'batch';

const PREFIX = 'ce-';

/** What the body and its Content-Type say; a header of that name must not overrule them. */
const SAID_BY_BODY: ReadonlySet<string> = new Set(['data', 'data_base64', 'datacontenttype', 'contenttype']);

function headerOf(headers: EventHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

/**
 * How the CloudEvents of a request are to be read. A request with neither `ce-` headers nor a media type of CloudEvents
 * is structured, since Keptn's clients send `application/json`.
 */
export function eventModeOf(headers: EventHeaders): EventMode {
  const essence = essenceOf(headerOf(headers, 'content-type') ?? '');
  if (essence.startsWith('application/cloudevents-batch')) return 'batch';
  if (essence.startsWith('application/cloudevents')) return 'structured';
  return headers['ce-specversion'] === undefined ? 'structured' : 'binary';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodedOctets(run: string): string {
  return utf8.decode(Buffer.from(run.replaceAll('%', ''), 'hex'));
}

/** 0.2 writes the value as a JSON string; 1.0 lets a sender quote it, with `\` before a quote or a backslash. */
function unquoted(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
}

function attributeOf(name: string, header: string): string {
  try {
    return unquoted(header.trim()).replaceAll(/(?:%[0-9a-f]{2})+/gi, decodedOctets);
  } catch (error) {
    const message = `header ${PREFIX}${name} must hold percent-encoded UTF-8`;
    throw new InvalidEvent(message, name, 'invalid', { cause: error });
  }
}

function attributesOf(headers: EventHeaders): JsonObject {
  const attributes = {};
  for (const header of Object.keys(headers)) {
    const value = headerOf(headers, header);
    const name = header.toLowerCase().slice(PREFIX.length);
    if (value === undefined || name === '' || !header.toLowerCase().startsWith(PREFIX)) continue;
    if (!SAID_BY_BODY.has(name)) setOwn(attributes, name, attributeOf(name, value));
  }
  return attributes;
}

function textOfBody(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new InvalidEvent('data in body must be UTF-8 text', 'data', 'invalid', { cause: error });
  }
}

function jsonOfBody(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(textOfBody(bytes));
  } catch (error) {
    if (!(error instanceof InvalidJson)) throw error;
    throw new InvalidEvent(`data in body is ${error.message}`, 'data', 'invalid', { cause: error });
  }
}

function dataAttributes(bytes: Uint8Array, mediaType: string | undefined, encoded: boolean): JsonObject {
  if (bytes.length === 0) return {};
  if (encoded) return { data: textOfBody(bytes).trim() };
  if (mediaType === undefined || isJsonMediaType(mediaType)) return { data: jsonOfBody(bytes) };
  if (isTextMediaType(mediaType)) return { data: textOfBody(bytes) };
  return { data_base64: Buffer.from(bytes).toString('base64') };
}

/**
 * Reads a CloudEvent in binary mode: its attributes are `ce-` headers (0.2 with quotes, 0.3, 1.0 percent-encoded), its
 * data is the body. JSON is parsed, text stays text, any other media type is kept as base64.
 * @param body the raw bytes of the request, or its text
 * @throws InvalidEvent the first fault in the order data, source, time, type, then the rest
 */
export function fromBinary(
  headers: EventHeaders,
  body: Uint8Array | string,
  options: EventReadOptions = {},
): KeptnEvent {
  const attributes = attributesOf(headers);
  const mediaType = headerOf(headers, 'content-type');
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const encoded = headerOf(headers, 'ce-datacontentencoding')?.toLowerCase() === 'base64';
  return eventOf(
    {
      ...attributes,
      ...(mediaType === undefined ? {} : { datacontenttype: mediaType }),
      ...dataAttributes(bytes, mediaType, encoded),
    },
    options,
  );
}
