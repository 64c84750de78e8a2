import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { parseJson } from '../json/exact-json';
import { type DataOf, keptnEventData } from './event-data';
import { KeptnEventType } from './event-type';
import { event } from './typed-event';

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

  it('may hold numbers that are kept exact', () => {
    const data = parseJson('{"evaluationdetails":{"score":100.0}}');
    expect(keptnEventData[KeptnEventType.evaluationDone].parse(data)).toEqual(data);
  });

  it('is typed by the type of its event', () => {
    expectTypeOf<DataOf<typeof KeptnEventType.projectDelete>['project']>().toEqualTypeOf<string | null | undefined>();
    const data = { project: 'sockshop' };
    expect(event(KeptnEventType.projectDelete, data)).toEqual({ type: KeptnEventType.projectDelete, data });
  });
});
