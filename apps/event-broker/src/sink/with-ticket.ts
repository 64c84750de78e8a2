import { type ChannelTickets } from '@keptn/auth';
import { isJsonObject, parseJson, stringifyJson } from '@keptn/event-models';
import { type LogEvent } from '../log/log-event';

/**
 * The text of an event as the control plane gets it: with `{keptnContext, token}` where the log keeps null, in `data.eventContext`
 * (contract 7.2). With this ticket a receiver can write to the channel of the Keptn context.
 */
export function withTicket({ text, json, keptnContext }: LogEvent, tickets: ChannelTickets): string {
  if (keptnContext === undefined || !isEmptied(json['data'])) return text;
  // Read again, since numbers must stay as they are spelled.
  const event = parseJson(text);
  if (!isJsonObject(event) || !isJsonObject(event['data'])) return text;
  const eventContext = { keptnContext, token: tickets.issue(keptnContext) };
  return stringifyJson({ ...event, data: { ...event['data'], eventContext } });
}

const isEmptied = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'eventContext' in data && data.eventContext === null;
