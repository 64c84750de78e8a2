import { describe, expect, it } from 'vitest';
import { eventModeOf, fromBinary } from './binary';

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'ce-specversion': '1.0',
  'ce-type': 'sh.keptn.events.tests-finished',
  'ce-source': '/test',
  'ce-id': 'a-1',
};

describe('fromBinary', () => {
  it('reads attributes from headers and data from the body', () => {
    const sent = {
      ...headers,
      'ce-time': '2020-11-23T10:15:30Z',
      'ce-shkeptncontext': 'ctx',
      'ce-subject': 'carts',
      host: 'x',
    };
    expect(fromBinary(sent, Buffer.from('{"project":"sockshop"}'))).toEqual({
      specversion: '1.0',
      type: 'sh.keptn.events.tests-finished',
      source: '/test',
      id: 'a-1',
      time: '2020-11-23T10:15:30Z',
      datacontenttype: 'application/json; charset=utf-8',
      shkeptncontext: 'ctx',
      data: { project: 'sockshop' },
      extensions: { subject: 'carts' },
    });
  });

  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['"quoted %22 value"', 'quoted " value'],
    [String.raw`"a \"b\" \\ c"`, String.raw`a "b" \ c`],
    ['"', '"'],
  ])('decodes the header value %s', (value, text) => {
    expect(fromBinary({ ...headers, 'ce-subject': value }, '{}').extensions['subject']).toBe(text);
  });

  it('reads the quoted values of 0.2 and the plain ones of 0.3', () => {
    const quoted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `"${value}"`]));
    const sent = { ...quoted, 'content-type': 'application/json', 'ce-specversion': '"0.2"' };
    expect(fromBinary(sent, '{}')).toMatchObject({ specversion: '0.2', id: 'a-1', source: '/test' });
    expect(fromBinary({ ...headers, 'ce-specversion': '0.3' }, '{}')).toMatchObject({ specversion: '0.3', id: 'a-1' });
  });

  it('refuses octets that are no UTF-8', () => {
    expect(() => fromBinary({ ...headers, 'ce-subject': '%FF' }, '{}')).toThrow(
      'header ce-subject must hold percent-encoded UTF-8',
    );
  });

  it('refuses control characters smuggled in by percent encoding', () => {
    expect(() => fromBinary({ ...headers, 'ce-id': 'a%0Ab' }, '{}')).toThrow(
      'id in body must not contain control characters',
    );
  });

  it('lets no header stand in for the body', () => {
    const sent = {
      ...headers,
      'ce-data': '{"project":"other"}',
      'ce-data_base64': 'YQ==',
      'ce-datacontenttype': 'text/plain',
    };
    expect(fromBinary(sent, '{"project":"sockshop"}')).toEqual(fromBinary(headers, '{"project":"sockshop"}'));
    expect(() => fromBinary(sent, '')).toThrow('data in body is required');
  });

  it('keeps text as text and other bytes as base64', () => {
    expect(fromBinary({ ...headers, 'content-type': 'text/plain' }, 'hello').data).toBe('hello');
    const image = fromBinary({ ...headers, 'content-type': 'image/png' }, Buffer.from([0xff, 0]));
    expect(image.dataBase64).toBe('/wA=');
    expect(image.data).toBeUndefined();
  });

  it('takes a body without media type as JSON', () => {
    expect(fromBinary({ ...headers, 'content-type': undefined }, '{"a":1}').data).toEqual({ a: 1 });
  });

  it('decodes what 0.3 sends in base64', () => {
    const sent = { ...headers, 'ce-specversion': '0.3', 'ce-datacontentencoding': 'base64' };
    expect(fromBinary(sent, Buffer.from('{"a":1}').toString('base64')).data).toEqual({ a: 1 });
  });

  it.each(['{', '\ufffd', Buffer.from([0xff])])('refuses a JSON body that is none', (body) => {
    expect(() => fromBinary(headers, body)).toThrow(/^data in body (?:is not valid JSON|must be UTF-8 text)/);
  });

  it('reports missing attributes as structured mode does', () => {
    expect(() => fromBinary({ 'ce-specversion': '1.0' }, '{}')).toThrow('source in body is required');
  });
});

describe('eventModeOf', () => {
  it.each([
    [{ 'content-type': 'application/json' }, 'structured'],
    [{ 'content-type': 'application/cloudevents+json; charset=utf-8' }, 'structured'],
    [{ 'content-type': 'Application/CloudEvents+JSON', 'ce-specversion': '1.0' }, 'structured'],
    [{ 'content-type': 'application/cloudevents-batch+json' }, 'batch'],
    [{ 'content-type': 'application/json', 'ce-specversion': '1.0' }, 'binary'],
    [{}, 'structured'],
  ] as const)('of %j is %s', (given, mode) => {
    expect(eventModeOf(given)).toBe(mode);
  });
});
