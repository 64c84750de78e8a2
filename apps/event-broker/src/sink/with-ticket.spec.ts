import { ChannelTickets } from '@keptn/auth';
import { expect, it } from 'vitest';
import { logEventOf } from '../log/log-event';
import { withTicket } from './with-ticket';

const tickets = new ChannelTickets('a-token-for-these-tests');

const delivered = (text: string): string =>
  withTicket(logEventOf(1, text), tickets).replace(/"token":"[^"]+"/, '"token":"t"');

it('writes the ticket into data.eventContext and leaves every other part as the sender wrote it', () => {
  const text =
    '{"shkeptncontext":"c1","eventContext":null,"data":{"n":1.0,"eventContext":null,"list":[{"eventContext":null}],"text":"\\"eventContext\\":null"}}';
  expect(delivered(text)).toBe(
    text.replace('1.0,"eventContext":null', '1.0,"eventContext":{"keptnContext":"c1","token":"t"}'),
  );
});

it.each([
  ['of no Keptn context', '{"data":{"eventContext":null}}'],
  ['without the field', '{"shkeptncontext":"c1","data":{"inner":{"eventContext":null}}}'],
  ['with data that is a list', '{"shkeptncontext":"c1","data":[{"eventContext":null}]}'],
])('leaves an event %s as it is', (_title, text) => {
  expect(delivered(text)).toBe(text);
});
