import { Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { promote, type TypedDocument, typedValue } from '../bson/document';
import { compileUpdate } from './update-document';
import { documentToUpsert } from './upsert';

const typed = (value: object): TypedDocument => typedValue(value) as TypedDocument;

/** The plain form of a document after an update. */
function updated(document: object, update: object): unknown {
  return promote(compileUpdate(typedValue(update))(typed(document), 'update'));
}

const cases: [sentence: string, document: object, update: object, wanted: object][] = [
  ['$set makes the way to a field', { _id: 1 }, { $set: { 'a.b.c': 1 } }, { _id: 1, a: { b: { c: 1 } } }],
  ['$set fills an array up to a position', { a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  ['$unset leaves null in an array', { a: [1, 2], b: 1 }, { $unset: { 'a.0': 1, b: 1 } }, { a: [null, 2] }],
  ['$inc starts from nothing', {}, { $inc: { a: 2 } }, { a: 2 }],
  ['$min and $max compare across types', { a: 5, b: 'x' }, { $min: { a: 3 }, $max: { b: 10 } }, { a: 3, b: 'x' }],
  [
    '$push adds one element, or each of several',
    { a: [1] },
    { $push: { a: { $each: [3, 2] }, b: [4] } },
    { a: [1, 3, 2], b: [[4]] },
  ],
  ['$addToSet adds what is new', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
  ['$pull removes by condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [
    '$pull removes documents that match',
    { a: [{ x: 1, y: 1 }, { x: 2 }] },
    { $pull: { a: { x: 1 } } },
    { a: [{ x: 2 }] },
  ],
  ['$pullAll removes values', { a: [1, 2, 1] }, { $pullAll: { a: [1] } }, { a: [2] }],
  ['a replacement keeps the _id', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
];

const refusals: [sentence: string, document: object, update: object, code: string][] = [
  ['two changes of one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 'ConflictingUpdateOperators'],
  ['a change of a path and one below it', {}, { $set: { a: {}, 'a.b': 1 } }, 'ConflictingUpdateOperators'],
  ['a field in a number', { a: 5 }, { $set: { 'a.b': 1 } }, 'PathNotViable'],
  ['adding to a string', { a: 'x' }, { $inc: { a: 1 } }, 'TypeMismatch'],
  ['adding a string', {}, { $inc: { a: 'x' } }, 'TypeMismatch'],
  ['pushing to a number', { a: 5 }, { $push: { a: 1 } }, 'BadValue'],
  ['an operator that is missing here', {}, { $rename: { a: 'b' } }, 'CommandNotSupported'],
];

describe('an update', () => {
  it.each(cases)('%s', (_sentence, document, update, wanted) => {
    expect(updated(document, update)).toEqual(wanted);
  });

  it.each(refusals)('refuses %s', (_sentence, document, update, codeName) => {
    expect(() => updated(document, update)).toThrow(expect.objectContaining({ codeName }) as Error);
  });

  it('widens integers that overflow and keeps doubles doubles', () => {
    const apply = compileUpdate({ $inc: { int: new Int32(1), double: new Int32(1), long: new Int32(1) } });
    const result = apply(
      { int: new Int32(2 ** 31 - 1), double: new Double(1), long: Long.fromString('9007199254740993') },
      'update',
    );
    expect(result).toEqual({
      int: Long.fromNumber(2 ** 31),
      double: new Double(2),
      long: Long.fromString('9007199254740994'),
    });
  });

  it('takes the fields of an upsert from the equalities of its filter', () => {
    const filter = typed({ a: 1, 'b.c': { $eq: 'x' }, d: { $gt: 5 }, $and: [{ e: 2 }], f: /x/ });
    const update = typed({ $set: { g: 1 }, $setOnInsert: { _id: 7 } });
    expect(promote(documentToUpsert(filter, update, compileUpdate(update)))).toEqual({
      _id: 7,
      a: 1,
      b: { c: 'x' },
      e: 2,
      g: 1,
    });
  });
});
