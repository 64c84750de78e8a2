import { fromStructured, parseJson, stringifyJson } from '@keptn/event-models';
import { type LogEvent } from '../log/log-event';
import { type PostContent } from './http-post';

/** An event in binary mode (CloudEvents HTTP binding 3.1): its data as the body, its attributes as headers. */
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
    return header === undefined ? [] : [[`ce-${name}`, header]];
  });
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': event.datacontenttype ?? 'application/json' },
    body: event.dataBase64 ?? (event.data === undefined ? '' : stringifyJson(event.data)),
  };
}

/** Characters outside of printable ASCII, quotes and per cent are percent-encoded (CloudEvents HTTP binding 3.1.3.2). */
function headerValue(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return text
    .toWellFormed()
    .replace(/[^\x21-\x7e]|["%]/gu, (character) => encodeURIComponent(character).replace(/^[^%]$/, encoded));
}

const encoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
