import { describe, expect, it } from 'vitest';
import { dataFieldsOf, valueAt, withValue } from './data-fields';

const SCHEMA = {
  type: 'object',
  properties: {
    project: { type: ['string', 'null'], description: 'Project' },
    labels: { type: ['object', 'null'], additionalProperties: { type: 'string' } },
    canary: {
      anyOf: [
        { type: 'object', properties: { value: { type: 'number', description: 'Share' }, done: { type: 'boolean' } } },
        { type: 'null' },
      ],
    },
    eventContext: { type: 'object', properties: { token: { type: 'string' } } },
    changes: { type: 'array', items: { type: 'string' } },
  },
};

describe('the fields of a form', () => {
  it('are what the schema of an event type names', () => {
    expect(dataFieldsOf(SCHEMA)).toEqual([
      { path: ['project'], kind: 'text', description: 'Project' },
      { path: ['canary', 'value'], kind: 'number', description: 'Share' },
      { path: ['canary', 'done'], kind: 'flag', description: 'canary.done' },
    ]);
  });

  it.each([undefined, null, 7, {}, { properties: 'none' }])('are none of %j', (schema) => {
    expect(dataFieldsOf(schema)).toEqual([]);
  });

  it('change their part of the data, and nothing else', () => {
    const data = { project: 'sockshop', canary: { value: 100, kept: true } };
    expect(withValue(data, ['canary', 'value'], 50)).toEqual({ ...data, canary: { value: 50, kept: true } });
    expect(withValue(data, ['canary', 'value'], undefined)).toEqual({ ...data, canary: { kept: true } });
    expect(withValue({}, ['canary', 'value'], 1)).toEqual({ canary: { value: 1 } });
    expect(valueAt(data, ['canary', 'value'])).toBe(100);
    expect(valueAt(data, ['project', 'x'])).toBeUndefined();
  });
});
