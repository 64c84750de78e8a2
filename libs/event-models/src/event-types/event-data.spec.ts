import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseJson } from '../json/exact-json';
import { keptnEventData, keptnEventDataOf } from './event-data';
import { KeptnEventType } from './event-type';

const schemas = Object.entries(keptnEventData);

describe('data of Keptn events', () => {
  it.each(schemas)('of %s has an example that fits it', (_type, schema) => {
    const { example } = z.globalRegistry.get(schema) ?? {};
    expect(schema.parse(example)).toEqual(example);
  });

  it.each(schemas)('of %s keeps unknown fields and bears null for any known one', (_type, schema) => {
    const data = {
      ...Object.fromEntries(Object.keys(schema.shape).map((name) => [name, null])),
      unknownField: { a: 1 },
    };
    expect(schema.parse(data)).toEqual(data);
    expect(schema.parse({})).toEqual({});
  });

  it.each(schemas)('of %s has a named form in OpenAPI', (_type, schema) => {
    expect(JSON.stringify(z.toJSONSchema(schema))).toContain('"properties"');
    expect(z.globalRegistry.get(schema)?.id).toMatch(/^[A-Z][A-Za-z]+Data$/);
  });

  it('is typed by the type of its event', () => {
    const event = { type: KeptnEventType.testsFinished, data: { project: 'sockshop', result: 'pass' } };
    const known = keptnEventDataOf(event);
    expect(known?.type === KeptnEventType.testsFinished ? known.data.result : undefined).toBe('pass');
  });

  it('may hold numbers that are kept exact', () => {
    const data = parseJson('{"evaluationdetails":{"score":100.0}}');
    expect(keptnEventDataOf({ type: KeptnEventType.evaluationDone, data })?.data).toEqual(data);
  });

  it('is not given for foreign types and other forms', () => {
    expect(keptnEventDataOf({ type: 'com.example.event', data: {} })).toBeUndefined();
    expect(keptnEventDataOf({ type: 'toString', data: {} })).toBeUndefined();
    expect(keptnEventDataOf({ type: KeptnEventType.log, data: { terminate: 'yes' } })).toBeUndefined();
  });
});
