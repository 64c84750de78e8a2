import { type ChannelTickets } from '@keptn/auth';
import { type LogEvent } from '../log/log-event';

/**
 * What the log keeps in place of `{keptnContext, token}`, in the one way in which it is written there. Inside of a text its
 * quotes would be escaped, so wherever this stands, it is a field.
 */
const EMPTIED = '"eventContext":null';

/**
 * The text of an event as the control plane gets it: with a ticket in `eventContext` (contract 7.2), with which a receiver can
 * write to the channel of the Keptn context.
 */
export function withTicket({ text, keptnContext }: LogEvent, tickets: ChannelTickets): string {
  if (keptnContext === undefined || !text.includes(EMPTIED)) return text;
  const eventContext = { keptnContext, token: tickets.issue(keptnContext) };
  return text.replaceAll(EMPTIED, () => `"eventContext":${JSON.stringify(eventContext)}`);
}
