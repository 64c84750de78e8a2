import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../bson/compare';
import { encodeComponent } from './sort-order';
import { bsonValues } from '../../test/bson-values';
import { encodeValue, successor } from './key-encoding';

const sign = (value: number): number => Math.sign(value) + 0;

describe('the encoding of keys', () => {
  it('orders any two values as the comparison of values does', () => {
    fc.assert(
      fc.property(bsonValues, bsonValues, (left, right) => {
        expect(sign(Buffer.compare(encodeValue(left), encodeValue(right)))).toBe(sign(compareValues(left, right)));
      }),
      { numRuns: 3000 },
    );
  });

  it('orders tuples of values component by component, each in its direction', () => {
    const pairs = fc.tuple(bsonValues, bsonValues);
    const direction = fc.constantFrom<1 | -1>(1, -1);
    fc.assert(
      fc.property(pairs, pairs, direction, direction, (left, right, first, second) => {
        const encode = (pair: [unknown, unknown]): Buffer =>
          Buffer.concat([encodeComponent(pair[0], first), encodeComponent(pair[1], second)]);
        const wanted = compareValues(left[0], right[0]) * first || compareValues(left[1], right[1]) * second;
        expect(sign(Buffer.compare(encode(left), encode(right)))).toBe(sign(wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it('orders types as MongoDB documents it', () => {
    const ascending = [
      new MinKey(),
      null,
      new Double(NaN),
      new Double(-Infinity),
      new Int32(-1),
      new Double(0.5),
      Decimal128.fromString('0.50000000000000000000000000001'),
      Long.fromNumber(1),
      Long.fromString('9007199254740993'),
      Decimal128.fromString('1E6000'),
      new Double(Infinity),
      '',
      'a',
      {},
      { a: new Int32(1) },
      { a: 'x' },
      [],
      [new Int32(1)],
      new Binary(Buffer.from('z')),
      new Binary(Buffer.from('aa')),
      new ObjectId(),
      false,
      true,
      new Date(-1),
      new Date(0),
      /a/,
      new MaxKey(),
    ];
    for (const [position, value] of ascending.slice(1).entries()) {
      expect(
        Buffer.compare(encodeValue(ascending[position]), encodeValue(value)),
        `value ${position + 1}`,
      ).toBeLessThan(0);
    }
  });

  it('gives equal numbers of different kinds the same bytes', () => {
    const five = [new Int32(5), new Double(5), Long.fromNumber(5), Decimal128.fromString('5.00'), 5].map((value) =>
      encodeValue(value),
    );
    for (const encoded of five) expect(encoded).toEqual(five[0]);
    expect(encodeValue(new Double(-0))).toEqual(encodeValue(Decimal128.fromString('-0')));
  });

  it('tells apart longs and decimals that are the same double', () => {
    const values = ['9007199254740992', '9007199254740993', '9007199254740994'].map((text) => Long.fromString(text));
    expect(new Set(values.map((value) => encodeValue(value).toString('hex'))).size).toBe(3);
    expect(encodeValue(Decimal128.fromString('0.1'))).not.toEqual(encodeValue(new Double(0.1)));
  });

  it('orders decimals that no double comes near', () => {
    const texts = ['0', '1E-6176', '9.9E-500', '1E-499', '4E-324', '6E-324', '1E400', '1.1E400'];
    const encoded = texts.map((text) => encodeValue(Decimal128.fromString(text)));
    for (const [position, value] of encoded.slice(1).entries()) {
      expect(Buffer.compare(encoded[position] as Buffer, value), texts[position]).toBeLessThan(0);
    }
    expect(encodeValue(Decimal128.fromString('1.0E-400'))).toEqual(encodeValue(Decimal128.fromString('1E-400')));
  });

  it('keeps the order of values that are cut off, as far as they go', () => {
    const long = 'x'.repeat(5000);
    expect(encodeValue(long, 100)).toHaveLength(100);
    expect(Buffer.compare(encodeValue(`a${long}`, 100), encodeValue(`b${long}`, 100))).toBeLessThan(0);
  });

  it('finds the end of everything that starts with some bytes', () => {
    expect(successor(Buffer.from([1, 2]))).toEqual(Buffer.from([1, 3]));
    expect(successor(Buffer.from([1, 255]))).toEqual(Buffer.from([2]));
    expect(successor(Buffer.from([255]))).toBeUndefined();
  });
});
