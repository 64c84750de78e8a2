import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseJson } from '../json/exact-json';
import { cloudEventBody } from './cloud-event.schema';
import { InvalidEvent } from './invalid-event';
import { type EventReadOptions } from './read-attributes';
import { fromStructured } from './structured';

const minimal = { data: { project: 'sockshop' }, source: 'test', type: 'sh.keptn.event.configuration.change' };

function refusal(json: unknown, options?: EventReadOptions): InvalidEvent {
  try {
    fromStructured(json, options);
  } catch (error) {
    if (error instanceof InvalidEvent) return error;
    throw error;
  }
  throw new Error('the event was accepted');
}

describe('fromStructured', () => {
  it('reads the least that a Keptn client sends as CloudEvents 0.2', () => {
    expect(fromStructured(minimal)).toEqual({ specversion: '0.2', ...minimal, extensions: {} });
  });

  it('keeps every attribute of a full 1.0 event', () => {
    const sent = {
      ...minimal,
      specversion: '1.0',
      id: 'a-1',
      time: '2020-11-23T10:15:30.5+02:00',
      datacontenttype: 'application/json',
      shkeptncontext: 'mycontext',
      triggeredid: 'a-0',
      subject: 'carts',
      dataschema: 'https://example.com/schema',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      partition: 3,
    };
    const { subject, dataschema, traceparent, partition, ...fields } = sent;
    expect(fromStructured(sent)).toEqual({ ...fields, extensions: { subject, dataschema, traceparent, partition } });
  });

  it.each([
    [{}, 'data in body is required', 'data'],
    [{ data: null }, 'data in body is required', 'data'],
    [{ data: '' }, 'data in body is required', 'data'],
    [{ data: {} }, 'source in body is required', 'source'],
    [{ data: {}, source: null }, 'source in body is required', 'source'],
    [{ data: {}, source: '' }, 'type in body is required', 'type'],
    [{ data: {}, source: '', time: 'x' }, 'time in body must be of type date-time: "x"', 'time'],
    [{ data: {}, source: '', time: 5 }, 'time in body must be of type string', 'time'],
    [{ data: {}, source: '', type: '' }, 'type: MUST be a non-empty string', 'type'],
    [{ data: {}, source: 5 }, 'source in body must be of type string', 'source'],
    [{ ...minimal, id: 7 }, 'id in body must be of type string', 'id'],
    [{ ...minimal, id: 'a\nb' }, 'id in body must not contain control characters', 'id'],
    [{ ...minimal, shkeptncontext: {} }, 'shkeptncontext in body must be of type string', 'shkeptncontext'],
    [{ ...minimal, specversion: '0.1' }, 'specversion in body must be one of 0.2, 0.3, 1.0', 'specversion'],
    [{ ...minimal, specversion: '1.0', data_base64: '!' }, 'data_base64 in body must be base64', 'data_base64'],
  ])('refuses %j: %s', (json, message, field) => {
    expect(refusal(json).message).toContain(message);
    expect(refusal(json).field).toBe(field);
  });

  it('tells a missing attribute from a wrong one', () => {
    expect(refusal({}).refusal).toBe('missing');
    expect(refusal({ ...minimal, type: '' }).refusal).toBe('invalid');
  });

  it.each([null, [], 'text', 1, parseJson('1.0')])('refuses %j, which is no object', (json) => {
    expect(refusal(json).message).toBe('body must be a JSON object that holds one CloudEvent');
  });

  it.each(['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00Z', '', null])('takes the time %j as not given', (time) => {
    expect(fromStructured({ ...minimal, time })).not.toHaveProperty('time');
  });

  it('makes other forms of time RFC 3339', () => {
    expect(fromStructured({ ...minimal, time: '2020-11-23T10:15' }).time).toBe('2020-11-23T10:15:00Z');
  });

  it('leaves an empty source to its reader, who may name a default', () => {
    expect(fromStructured({ ...minimal, source: '' }).source).toBe('');
    expect(fromStructured({ ...minimal, source: '' }, { defaultSource: 'api' }).source).toBe('api');
    expect(fromStructured(minimal, { defaultSource: 'api' }).source).toBe('test');
  });

  it('does without the attributes that its reader calls optional', () => {
    expect(fromStructured({}, { optional: ['data', 'source', 'type'] })).toEqual({
      specversion: '0.2',
      source: '',
      type: '',
      extensions: {},
    });
    expect(refusal({ source: 5 }, { optional: ['data', 'source', 'type'] }).field).toBe('source');
  });

  it.each([[[]], ['text'], [5], [true], [parseJson('1.0')]])(
    'refuses the data %j when objects are asked for',
    (data) => {
      expect(refusal({ data }, { data: 'object' }).message).toBe('data in body must be of type object');
      expect(fromStructured({ ...minimal, data }).data).toEqual(data);
    },
  );

  it('reads field names in any case, as the original did, unless the right one is there as well', () => {
    expect(fromStructured({ ...minimal, shKeptnContext: 'a', ID: 'b' })).toMatchObject({
      shkeptncontext: 'a',
      id: 'b',
    });
    expect(fromStructured({ ...minimal, id: 'a', ID: 'b' })).toMatchObject({ id: 'a', extensions: { ID: 'b' } });
  });

  it('reads a release number of the specification as its version', () => {
    expect(fromStructured({ ...minimal, specversion: '1.0.2' }).specversion).toBe('1.0');
  });

  it('reads JSON in base64 as the JSON that it is', () => {
    const base64 = Buffer.from('{"project":"p","n":1.0}').toString('base64');
    const rest = { source: minimal.source, type: minimal.type };
    const expected = parseJson('{"project":"p","n":1.0}');
    expect(fromStructured({ ...rest, specversion: '1.0', data_base64: base64 }).data).toEqual(expected);
    expect(fromStructured({ ...rest, specversion: '0.3', datacontentencoding: 'base64', data: base64 }).data).toEqual(
      expected,
    );
  });

  it('does not let an attribute named __proto__ change a prototype', () => {
    const event = fromStructured(JSON.parse('{"data":{},"source":"s","type":"t","__proto__":{"id":"stolen"}}'));
    expect(event.id).toBeUndefined();
    expect(Object.keys(event.extensions)).toEqual(['__proto__']);
  });

  it('gives a value that cannot be changed', () => {
    const event = fromStructured(minimal);
    expect(Object.isFrozen(event)).toBe(true);
    expect(Object.isFrozen(event.extensions)).toBe(true);
  });
});

describe('cloudEventBody', () => {
  it('says by itself what fromStructured says', () => {
    const messages = cloudEventBody.safeParse({ time: 'x' }).error?.issues.map(({ message }) => message);
    expect(messages).toEqual([
      'data in body is required',
      'source in body is required',
      'time in body must be of type date-time: "x"',
      'type in body is required',
    ]);
  });

  it('is a component of OpenAPI that requires data, source and type', () => {
    const schema = z.toJSONSchema(cloudEventBody, { io: 'input' });
    expect(schema.$defs?.['KeptnContextExtendedCE']?.required).toEqual(['data', 'source', 'type']);
  });
});
