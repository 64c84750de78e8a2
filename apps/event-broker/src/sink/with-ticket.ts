import { type ChannelTickets } from '@keptn/auth';
import { isJsonObject, parseJson, stringifyJson } from '@keptn/event-models';
import { type LogEvent } from '../log/log-event';

/**
 * The text of an event as the control plane gets it: with `{keptnContext, token}` where the log keeps null, in `data.eventContext`
 * (contract 7.2). With this ticket a receiver can write to the channel of the Keptn context.
 */
export function withTicket({ text, json, keptnContext }: LogEvent, tickets: ChannelTickets): string {
  if (keptnContext === undefined || !isEmptied(json['data'])) return text;
  const eventContext = { keptnContext, token: tickets.issue(keptnContext) };
  const at = onlyPlaceOfNull(text);
  if (at !== undefined) return `${text.slice(0, at)}${JSON.stringify(eventContext)}${text.slice(at + NULL.length)}`;
  // Read again, since numbers must stay as they are spelled.
  const event = parseJson(text);
  if (!isJsonObject(event) || !isJsonObject(event['data'])) return text;
  return stringifyJson({ ...event, data: { ...event['data'], eventContext } });
}

const KEY = '"eventContext"';
const NULL = 'null';

/**
 * Where the null is whose key is `eventContext`, when the text names that once: as a key, since a string of JSON has no quotation mark
 * inside that is not escaped. To read and write the whole text would cost more than all other steps of a delivery.
 */
function onlyPlaceOfNull(text: string): number | undefined {
  const key = text.indexOf(KEY);
  const value = key + KEY.length + 1;
  const isOnly = key >= 0 && !text.includes(KEY, key + 1) && !text.includes('\\u');
  return isOnly && text.startsWith(`:${NULL}`, value - 1) ? value : undefined;
}

const isEmptied = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'eventContext' in data && data.eventContext === null;
