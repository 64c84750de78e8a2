import { type ChannelTickets } from '@keptn/auth';
import { type EventRecord } from '../log/event.schema';

/**
 * What the log keeps in place of `{keptnContext, token}`, in the one way in which it is written there. Inside of a text its
 * quotes would be escaped, so wherever this stands, it is a field.
 */
const EMPTIED = '"eventContext":null';

/**
 * The text of an event as its subscribers get it: with a ticket in `eventContext` (contract 7.2), with which they can tell on
 * the channel of the Keptn context how their work goes.
 */
export function withTicket({ event, shkeptncontext }: EventRecord, tickets: ChannelTickets): string {
  if (shkeptncontext === undefined || !event.includes(EMPTIED)) {
    return event;
  }
  const eventContext = { keptnContext: shkeptncontext, token: tickets.issue(shkeptncontext) };
  return event.replaceAll(EMPTIED, () => `"eventContext":${JSON.stringify(eventContext)}`);
}
