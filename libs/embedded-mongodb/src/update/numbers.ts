import { Double, Int32, Long } from 'bson';
import { asNumber, bsonClass } from '../bson/document';
import { CommandError, notSupported } from '../errors';

const MAX_INT32 = 2n ** 31n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

/** The sum, of the kind that MongoDB gives it: int, widened to long when it does not fit, or double. */
export function add(left: unknown, right: unknown): unknown {
  return compute(
    left,
    right,
    (a, b) => a + b,
    (a, b) => a + b,
  );
}

/** The product, of the kind that MongoDB gives it. */
export function multiply(left: unknown, right: unknown): unknown {
  return compute(
    left,
    right,
    (a, b) => a * b,
    (a, b) => a * b,
  );
}

/** True for numbers of every kind. */
export function isNumber(value: unknown): boolean {
  return asNumber(value) !== undefined;
}

/** The result of `and`, `or` or `xor` on two integers. @throws CommandError for anything else */
export function combineBits(operator: string, left: unknown, right: unknown): unknown {
  const a = integerOf(left);
  const b = integerOf(right);
  if (a === undefined || b === undefined) throw new CommandError('BadValue', '$bit works on integers only');
  const isLong = bsonClass(left) === 'Long' || bsonClass(right) === 'Long';
  switch (operator) {
    case 'and':
      return integer(a & b, isLong);
    case 'or':
      return integer(a | b, isLong);
    case 'xor':
      return integer(a ^ b, isLong);
    default:
      throw new CommandError('BadValue', `The $bit modifier only supports 'and', 'or', and 'xor', not '${operator}'`);
  }
}

function compute(
  left: unknown,
  right: unknown,
  doubles: (a: number, b: number) => number,
  integers: (a: bigint, b: bigint) => bigint,
): unknown {
  if (bsonClass(left) === 'Decimal128' || bsonClass(right) === 'Decimal128') {
    throw notSupported('arithmetic on Decimal128 in an update');
  }
  const a = integerOf(left);
  const b = integerOf(right);
  if (a === undefined || b === undefined) return new Double(doubles(asNumber(left) ?? NaN, asNumber(right) ?? NaN));
  return integer(integers(a, b), bsonClass(left) === 'Long' || bsonClass(right) === 'Long');
}

function integerOf(value: unknown): bigint | undefined {
  const kind = bsonClass(value);
  return kind === 'Int32' || kind === 'Long' ? BigInt(String(value)) : undefined;
}

function integer(value: bigint, isLong: boolean): unknown {
  if (!isLong && value <= MAX_INT32 && value >= -MAX_INT32 - 1n) return new Int32(Number(value));
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n) {
    throw new CommandError('BadValue', 'Failed to apply the update: the integer result does not fit into 64 bits');
  }
  return Long.fromBigInt(value);
}
