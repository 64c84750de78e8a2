import { ChannelTickets } from '@keptn/auth';
import fc from 'fast-check';
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

it('does so whatever else the event says', () => {
  const name = fc.oneof(
    fc.constantFrom('eventContext', 'data', '\\u0065ventContext', '"eventContext":null'),
    fc.string(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.constantFrom('eventContext', '"eventContext":null', null), fc.string(), fc.integer()),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const fields = fc.dictionary(name, value, { maxKeys: 4 });
  fc.assert(
    fc.property(fields, fields, (attributes, data) => {
      const event = { ...attributes, shkeptncontext: 'c1', data: { ...data, eventContext: null } };
      expect(JSON.parse(delivered(JSON.stringify(event)))).toEqual({
        ...event,
        data: { ...event.data, eventContext: { keptnContext: 'c1', token: 't' } },
      });
    }),
  );
});

it('leaves numbers as they are spelled', () => {
  const text = '{"shkeptncontext":"c1","data":{"n":1.0,"eventContext":null,"m":12345678901234567890}}';
  expect(delivered(text)).toBe(text.replace('null', '{"keptnContext":"c1","token":"t"}'));
});

it.each([
  ['of no Keptn context', '{"data":{"eventContext":null}}'],
  ['without the field', '{"shkeptncontext":"c1","data":{"inner":{"eventContext":null}}}'],
  ['with data that is a list', '{"shkeptncontext":"c1","data":[{"eventContext":null}]}'],
])('leaves an event %s as it is', (_title, text) => {
  expect(delivered(text)).toBe(text);
});
