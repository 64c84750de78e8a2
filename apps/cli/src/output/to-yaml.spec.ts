import { parseJson } from '@keptn/event-models/json';
import { parseDocument } from 'yaml';
import { describe, expect, it } from 'vitest';
import { toYaml } from './to-yaml';

describe('YAML of an answer', () => {
  it('has every number as it is spelled in JSON, in what a reader of YAML takes for a number', async () => {
    const numbers = ['12345678901234567890', '1.10', '0.1234567890123456789012', '1e3', '-0', '1E400', '42'];
    const yaml = await toYaml(parseJson(`{"numbers":[${numbers.join(',')}],"text":"1.10"}`));
    expect(yaml).toBe(`numbers:\n${numbers.map((number) => `  - ${number}\n`).join('')}text: "1.10"`);
    expect(parseDocument(yaml).toJS()).toEqual({ numbers: numbers.map(Number), text: '1.10' });
  });

  it('leaves out what has no value', async () => {
    expect(await toYaml({ there: [], missing: undefined })).toBe('there: []');
  });
});
