import { fromStructured, parseJson, stringifyJson } from '@keptn/event-models';
import { type LogEvent } from '../log/log-event';
import { type PostContent } from './http-post';

/** What a header may be called (RFC 9110 section 5.6.2). */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/;

/**
 * An event in binary mode (CloudEvents HTTP binding 3.1): its data as the body, its attributes as headers. An extension whose name
 * is that of no header is left out: CloudEvents allows no such name, and the receiver wants the event all the same.
 */
export function binaryContent({ text }: LogEvent): PostContent {
  const event = fromStructured(parseJson(text), { optional: ['data', 'source'] });
  const attributes = {
    ...event.extensions,
    specversion: event.specversion,
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    shkeptncontext: event.shkeptncontext,
    triggeredid: event.triggeredid,
  };
  const headers = Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    const header = headerValue(value);
    return header === undefined || !TOKEN.test(name) ? [] : [[`ce-${name}`, header]];
  });
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': contentType(event.datacontenttype) },
    body: event.dataBase64 ?? (event.data === undefined ? '' : stringifyJson(event.data)),
  };
}

/** Blanks and quotes are part of a media type; what cannot be in a header is percent-encoded as in other attributes. */
const contentType = (mediaType = 'application/json'): string =>
  mediaType.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);

/** Characters outside of printable ASCII, quotes and per cent are percent-encoded (CloudEvents HTTP binding 3.1.3.2). */
function headerValue(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return text.toWellFormed().replace(/[^\x21-\x7e]|["%]/gu, encodeURIComponent);
}
