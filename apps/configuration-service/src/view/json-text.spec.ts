import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonArray, jsonObject, jsonOf } from './json-text';

it('puts parts together to the JSON of the whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), (whole) => {
      const fields = Object.entries(whole).map(([name, items]) => [name, jsonArray(items.map(jsonOf))] as const);
      expect(jsonObject(Object.fromEntries(fields))).toBe(JSON.stringify(whole));
    }),
  );
});
