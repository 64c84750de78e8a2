import { describe, expect, it } from 'vitest';
import { logEventOf } from '../log/log-event';
import { CompiledTemplate, InvalidTemplate, TemplateLimitExceeded, UnusableOutput } from './compiled-template';

const TEXT = `"quoted" \\ line\nü & <b> 100%`;

const event = logEventOf(
  1,
  JSON.stringify({ id: 'e1', type: 'a.type', data: { text: TEXT, list: [1, 'two'], labels: { a: 'x' }, up: '../..' } }),
);

type Options = Partial<ConstructorParameters<typeof CompiledTemplate>[0]>;
const templateOf = (body: string, options: Options = {}): CompiledTemplate =>
  new CompiledTemplate({ body, contentType: 'application/json', ...options });
const bodyOf = (body: string, options?: Options): string => templateOf(body, options).render(event).body;

describe('a template', () => {
  it('puts in attributes and data, escaped for JSON', () => {
    expect(JSON.parse(bodyOf('{"a": "{{ id }}: {{ data.text }}", "none": "{{ data.none.deeper }}"}'))).toEqual({
      a: `e1: ${TEXT}`,
      none: '',
    });
    expect(JSON.parse(bodyOf('{"list": {{ data.list | json }}, "text": "{{ data.labels }}"}'))).toEqual({
      list: [1, 'two'],
      text: '{"a":"x"}',
    });
  });

  it('escapes for forms, and for no plain text', () => {
    const form = bodyOf('a={{ data.text }}&b=1', { contentType: 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(form))).toEqual({ a: TEXT, b: '1' });
    expect(bodyOf('{{ data.text }}', { contentType: 'text/plain' })).toBe(TEXT);
  });

  it('escapes text for Slack on request', () => {
    expect(bodyOf('{{ data.text | mrkdwn }}', { contentType: 'text/plain' })).toContain('ü &amp; &lt;b&gt; 100%');
  });

  it('makes a path that stays on the host and where its author put it', () => {
    const pathOf = (path: string): string | undefined => templateOf('{}', { path }).render(event).path;
    expect(pathOf('/a/{{ data.labels.a }}?q={{ data.text }}')).toBe(`/a/x?q=${encodeURIComponent(TEXT)}`);
    expect(pathOf('/a/{{ data.up }}')).toBe('/a/..%2F..');
    for (const path of ['/a/{{ "." }}{{ "." }}/b', '/{{ data.none }}/evil.example', '/a b', '/{{ "\n" | raw }}']) {
      expect(() => pathOf(path), path).toThrow(UnusableOutput);
    }
  });

  it.each([
    ['is not closed', '{{ data.text'],
    ['uses an unknown filter', '{{ data.text | shell }}'],
    ['uses an unknown tag', '{% exec "ls" %}'],
    ['reads another template', '{% include "/etc/passwd" %}'],
    ['renders another template', '{% render "/etc/passwd" %}'],
    ['has a layout', '{% layout "/etc/passwd" %}'],
  ])('is refused when it %s', (_what, body) => {
    expect(() => templateOf(body)).toThrow(InvalidTemplate);
  });

  it('cannot reach what is no field of the event', () => {
    const body =
      '{{ id.constructor }}{{ data.constructor }}{{ data.__proto__ }}{{ process.env }}{{ data.list.constructor.name }}';
    expect(bodyOf(body, { contentType: 'text/plain' })).toBe('');
  });

  it('makes JSON or nothing', () => {
    expect(() => bodyOf('{"a": {{ data.text }}}')).toThrow(UnusableOutput);
  });

  it.each([
    ['time', '{% for a in (1..900) %}{% for b in (1..900) %}{{ b | times: a }}{% endfor %}{% endfor %}'],
    ['memory', '{% for a in (1..9999999) %}{% endfor %}'],
  ])('is cut off when it takes too much %s', (_what, body) => {
    expect(() => bodyOf(body)).toThrow(TemplateLimitExceeded);
  });

  it('sends no more than it may', () => {
    const many = `"${'x'.repeat(9_000)}"{% for a in (1..40) %}{{ data.none }}${'y'.repeat(8_000)}{% endfor %}`;
    expect(() => bodyOf(many, { contentType: 'text/plain' })).toThrow(UnusableOutput);
  });
});
