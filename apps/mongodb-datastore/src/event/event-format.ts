import { type IncomingHttpHeaders } from 'node:http';
import { LINE_STREAM } from '@keptn/service-kit';
import Negotiator from 'negotiator';
import { UnknownFormat } from './event.errors';

/** How events are answered: as pages in JSON, which is what everybody gets who does not ask, or all of them as lines. */
export type EventFormat = 'lines' | 'page';

const FORMATS: ReadonlyMap<string, EventFormat> = new Map([
  ['application/json', 'page'],
  [LINE_STREAM, 'lines'],
]);

/**
 * The form that the caller likes best (RFC 9110, section 12.5.1).
 *
 * @throws UnknownFormat
 */
export function formatOf(headers: IncomingHttpHeaders): EventFormat {
  const names = [...FORMATS.keys()];
  const format = FORMATS.get(new Negotiator({ headers }).mediaType(names) ?? '');
  if (format === undefined) throw new UnknownFormat(names);
  return format;
}
