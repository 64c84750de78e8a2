import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTyped, writeDocument } from '../bson/document';
import { compileFieldSelection } from './field-selection';
import { compileProjection } from './projection';

const NAMES = ['_id', 'a', 'b', 'ü', '__proto__'];
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
  fc.array(fc.integer()),
  fc.dictionary(fc.constantFrom(...NAMES), fc.string()),
);
const document = fc.dictionary(fc.constantFrom(...NAMES), value).map(writeDocument);
const projection = fc
  .tuple(fc.subarray(NAMES.slice(1), { minLength: 1 }), fc.option(fc.boolean()))
  .map(([names, id]) => ({
    ...Object.fromEntries(names.map((name) => [name, 1])),
    ...(id !== null && { _id: id }),
  }));

it('keeps what the projection of decoded documents keeps, byte for byte', () => {
  fc.assert(
    fc.property(document, projection, (bytes, specification) => {
      const expected = compileProjection(specification)?.(readTyped(bytes));
      expect(compileFieldSelection(specification)?.(bytes)).toEqual(writeDocument(expected ?? {}));
    }),
  );
});

it.each([{}, { _id: 1 }, { a: 0 }, { 'a.b': 1 }, { 'a.$': 1 }, { a: '$b' }, { a: { $slice: 1 } }, { a: 1, b: 0 }])(
  'leaves %j to others',
  (specification) => {
    expect(compileFieldSelection(specification)).toBeUndefined();
  },
);
