import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatMessage, parseMessage } from './commit-message';

it('puts the trailers into a paragraph of their own', () => {
  expect(formatMessage('Added service: carts\r\n', { 'Keptn-Context': 'abc', 'Request-Id': '1' })).toBe(
    'Added service: carts\n\nKeptn-Context: abc\nRequest-Id: 1\n',
  );
});

it('has a subject always', () => {
  expect(formatMessage(' \n\u0000')).toBe('Changed resources\n');
});

it('gives each trailer one line, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (key, value) => {
      const trailers = formatMessage('subject', { [key]: value }).slice('subject\n'.length);
      expect(trailers).toMatch(/^(\n[A-Za-z0-9-]+: [^\p{Cc}\u2028\u2029]+\n)?$/u);
    }),
  );
});

it('is taken apart into what was put together', () => {
  const message = formatMessage('Added service: carts\n\nWith its chart.', {
    'Keptn-Context': 'abc',
    'Request-Id': '1',
  });
  expect(parseMessage(message)).toEqual({
    text: 'Added service: carts\n\nWith its chart.',
    trailers: new Map([
      ['Keptn-Context', 'abc'],
      ['Request-Id', '1'],
    ]),
  });
});

it.each(['fix: a subject is no trailer', 'Subject\n\nNote: this paragraph\ngoes on', ''])(
  'has no trailers in %j',
  (message) => {
    expect(parseMessage(message)).toEqual({ text: message, trailers: new Map() });
  },
);
