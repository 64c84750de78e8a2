import { Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { promote, type TypedDocument, typedValue } from '../bson/document';
import { compileUpdate } from './update-document';
import { documentToUpsert } from './upsert';

const typed = (value: object): TypedDocument => typedValue(value) as TypedDocument;

/** The plain form of a document after an update. */
function updated(document: object, update: object, filter: object = {}, arrayFilters: object[] = []): unknown {
  const apply = compileUpdate(typedValue(update), typed(filter), arrayFilters.map(typed));
  return promote(apply(typed(document), 'update'));
}

const cases: [sentence: string, document: object, update: object, wanted: object][] = [
  ['$set makes the way to a field', { _id: 1 }, { $set: { 'a.b.c': 1 } }, { _id: 1, a: { b: { c: 1 } } }],
  ['$set fills an array up to a position', { a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  ['$unset leaves null in an array', { a: [1, 2], b: 1 }, { $unset: { 'a.0': 1, b: 1 } }, { a: [null, 2] }],
  ['$inc and $mul start from nothing', {}, { $inc: { a: 2 }, $mul: { b: 3 } }, { a: 2, b: 0 }],
  ['$min and $max compare across types', { a: 5, b: 'x' }, { $min: { a: 3 }, $max: { b: 10 } }, { a: 3, b: 'x' }],
  ['$rename moves a field', { a: { b: 1 } }, { $rename: { 'a.b': 'c' } }, { a: {}, c: 1 }],
  [
    '$push keeps the last sorted elements',
    { a: [3, 1] },
    { $push: { a: { $each: [2], $sort: 1, $slice: -2 } } },
    { a: [2, 3] },
  ],
  [
    '$push puts elements at a position',
    { a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { a: [1, 2, 3, 4] },
  ],
  [
    '$push sorts documents by a field',
    { a: [{ n: 2 }] },
    { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
    { a: [{ n: 1 }, { n: 2 }] },
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
  ['$pop takes from either end', { a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
  ['$bit combines integers', { a: 0b1100 }, { $bit: { a: { and: 0b0110 } } }, { a: 0b0100 }],
  ['$[] changes every element', { a: [{ n: 1 }, { n: 2 }] }, { $inc: { 'a.$[].n': 1 } }, { a: [{ n: 2 }, { n: 3 }] }],
  ['a pipeline computes', { a: 1, b: 2 }, [{ $set: { c: { $add: ['$a', '$b'] } } }, { $unset: 'a' }], { b: 2, c: 3 }],
  ['a replacement keeps the _id', { _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
];

const refusals: [sentence: string, document: object, update: object, code: string][] = [
  ['two changes of one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 'ConflictingUpdateOperators'],
  ['a change of a path and one below it', {}, { $set: { a: {}, 'a.b': 1 } }, 'ConflictingUpdateOperators'],
  ['a field in a number', { a: 5 }, { $set: { 'a.b': 1 } }, 'PathNotViable'],
  ['adding to a string', { a: 'x' }, { $inc: { a: 1 } }, 'TypeMismatch'],
  ['adding a string', {}, { $inc: { a: 'x' } }, 'TypeMismatch'],
  ['pushing to a number', { a: 5 }, { $push: { a: 1 } }, 'BadValue'],
  ['an operator that does not exist', {}, { $gain: { a: 1 } }, 'FailedToParse'],
  ['a position that nothing matched', { a: [1] }, { $set: { 'a.$': 2 } }, 'BadValue'],
];

describe('an update', () => {
  it.each(cases)('%s', (_sentence, document, update, wanted) => {
    const filter = {};
    expect(updated(document, update, filter)).toEqual(wanted);
  });

  it.each(refusals)('refuses %s', (_sentence, document, update, codeName) => {
    expect(() => updated(document, update, { a: 7 })).toThrow(expect.objectContaining({ codeName }) as Error);
  });

  it('changes the element that the filter found, or those that array filters choose', () => {
    const document = {
      a: [
        { k: 'x', n: 1 },
        { k: 'y', n: 2 },
      ],
    };
    expect(updated(document, { $set: { 'a.$.n': 9 } }, { 'a.k': 'y' })).toEqual({
      a: [
        { k: 'x', n: 1 },
        { k: 'y', n: 9 },
      ],
    });
    expect(updated(document, { $set: { 'a.$.n': 9 } }, { a: { $elemMatch: { k: 'y', n: 2 } } })).toMatchObject({
      a: [{ n: 1 }, { n: 9 }],
    });
    expect(updated(document, { $set: { 'a.$[e].n': 0 } }, {}, [{ 'e.n': { $gt: 1 } }])).toMatchObject({
      a: [{ n: 1 }, { n: 0 }],
    });
  });

  it('widens integers that overflow and keeps doubles doubles', () => {
    const apply = compileUpdate({ $inc: { int: new Int32(1), double: new Int32(1), long: new Int32(1) } }, {}, []);
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
    expect(promote(documentToUpsert(filter, update, compileUpdate(update, filter, [])))).toEqual({
      _id: 7,
      a: 1,
      b: { c: 'x' },
      e: 2,
      g: 1,
    });
  });
});
