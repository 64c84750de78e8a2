import { Double, Int32, Long } from 'bson';
import { asNumber, bsonClass } from '../bson/document';
import { CommandError, notSupported } from '../errors';

const MAX_INT32 = 2n ** 31n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

/** The sum, of the kind that MongoDB gives it: int, widened to long when it does not fit, or double. @throws CommandError */
export function add(left: unknown, right: unknown): unknown {
  if (bsonClass(left) === 'Decimal128' || bsonClass(right) === 'Decimal128') {
    throw notSupported('arithmetic on Decimal128 in an update');
  }
  const a = integerOf(left);
  const b = integerOf(right);
  if (a === undefined || b === undefined) return new Double((asNumber(left) ?? NaN) + (asNumber(right) ?? NaN));
  const sum = a + b;
  const isLong = bsonClass(left) === 'Long' || bsonClass(right) === 'Long';
  if (!isLong && sum <= MAX_INT32 && sum >= -MAX_INT32 - 1n) return new Int32(Number(sum));
  if (sum > MAX_INT64 || sum < -MAX_INT64 - 1n) {
    throw new CommandError('BadValue', 'Failed to apply the update: the integer result does not fit into 64 bits');
  }
  return Long.fromBigInt(sum);
}

function integerOf(value: unknown): bigint | undefined {
  const kind = bsonClass(value);
  return kind === 'Int32' || kind === 'Long' ? BigInt(String(value)) : undefined;
}
