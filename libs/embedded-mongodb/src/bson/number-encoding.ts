import { type Double, type Int32, type Long } from 'bson';
import { bsonClass } from './document';

/**
 * Order-preserving bytes for numbers of every BSON kind, equal for equal values of different kinds.
 *
 * The magnitude is the largest double not above it (8 bytes, whose bits order as the values do), then 0 when that is
 * exact, else 1 and how far the value lies towards the next double, in units of 2^-128 of the gap. A double holds 53
 * bits and a Decimal128 113, so 128 further bits tell every two decimals apart. Below the smallest double above 0, instead of
 * that distance, and beyond the largest one, behind a 2: the decimal exponent and the digits. Negative numbers are the complement. The first byte is 0 for NaN, 1 for negative,
 * 2 for zero, 3 for positive.
 */
const NAN = Buffer.from([0]);
const NEGATIVE = 1;
const ZERO = Buffer.from([2]);
const POSITIVE = 3;

const EXACT = 0;
const BETWEEN_DOUBLES = 1;
const BEYOND_DOUBLES = 2;
const GAP_BITS = 128n;
/** Digits of a Decimal128. */
const DECIMAL_DIGITS = 34;
/** Makes the exponents of Decimal128 (-6176 to 6111, and 34 digits) positive. */
const EXPONENT_BIAS = 10_000;

/** coefficient * 10^exponent, with a coefficient above 0. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const scratch = new DataView(new ArrayBuffer(8));

/** A number as a JavaScript number if that is exact, else its digits. */
function exactNumber(value: unknown): number | string {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return exactInteger(Number(value), value);
  switch (bsonClass(value)) {
    case 'Int32':
    case 'Double':
      return (value as Int32 | Double).value;
    case 'Long':
      return exactInteger((value as Long).toNumber(), value);
    default: {
      const text = String(value);
      const number = Number(text);
      return Number.isSafeInteger(number) && String(number) === text ? number : text;
    }
  }
}

function exactInteger(number: number, value: unknown): number | string {
  return Number.isSafeInteger(number) ? number : String(value);
}

/** The JavaScript number that a number of any kind equals exactly; undefined when there is none. */
export function exactDouble(value: unknown): number | undefined {
  const number = exactNumber(value);
  return typeof number === 'number' ? number : undefined;
}

/** Encodes a number of any BSON kind. The encodings of two numbers compare as the numbers do, NaN below all. */
export function encodeNumber(value: unknown): Buffer {
  const number = exactNumber(value);
  if (typeof number === 'number') return encodeDouble(number);
  if (number === 'NaN') return NAN;
  if (number.endsWith('Infinity')) return encodeDouble(number.startsWith('-') ? -Infinity : Infinity);
  const negative = number.startsWith('-');
  const decimal = parseDecimal(negative ? number.slice(1) : number);
  if (decimal.coefficient === 0n) return ZERO;
  return signed(encodeDecimalMagnitude(decimal), negative);
}

function encodeDouble(number: number): Buffer {
  if (Number.isNaN(number)) return NAN;
  if (number === 0) return ZERO;
  return signed(encodeMagnitude(Math.abs(number), EXACT), number < 0);
}

function signed(magnitude: Buffer, negative: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(magnitude.length + 1);
  bytes[0] = negative ? NEGATIVE : POSITIVE;
  for (let i = 0; i < magnitude.length; i++) {
    const byte = magnitude[i] ?? 0;
    bytes[i + 1] = negative ? byte ^ 0xff : byte;
  }
  return bytes;
}

function encodeMagnitude(double: number, flag: number, rest?: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(9 + (rest?.length ?? 0));
  bytes.writeDoubleBE(double, 0);
  bytes[8] = flag;
  rest?.copy(bytes, 9);
  return bytes;
}

/** Reads `123`, `1.5`, `1E+3`, `1.5E-7`. */
function parseDecimal(text: string): Decimal {
  const [mantissa = '0', power = '0'] = text.split('E');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function encodeDecimalMagnitude(decimal: Decimal): Buffer {
  const text = decimal.coefficient.toString();
  const nearest = Number(`${text}e${decimal.exponent}`);
  if (nearest > Number.MAX_VALUE || compareWithDouble(decimal, Number.MAX_VALUE) > 0) {
    return encodeMagnitude(Number.MAX_VALUE, BEYOND_DOUBLES, encodeDigits(text, decimal.exponent));
  }
  const order = compareWithDouble(decimal, nearest);
  if (order === 0) return encodeMagnitude(nearest, EXACT);
  const floor = order > 0 ? nearest : doubleAt(doubleBits(nearest) - 1n);
  const rest = floor === 0 ? encodeDigits(text, decimal.exponent) : encodeGap(decimal, floor);
  return encodeMagnitude(floor, BETWEEN_DOUBLES, rest);
}

function encodeDigits(text: string, exponent: number): Buffer {
  const bytes = Buffer.alloc(2 + DECIMAL_DIGITS);
  bytes.writeUInt16BE(exponent + text.length + EXPONENT_BIAS, 0);
  bytes.write(text.padEnd(DECIMAL_DIGITS, '0'), 2, 'latin1');
  return bytes;
}

/** The distance from `floor` to the decimal, in units of 2^-128 of the distance to the next double. */
function encodeGap(decimal: Decimal, floor: number): Buffer {
  const low = fractionOfDouble(floor);
  const high = fractionOfDouble(doubleAt(doubleBits(floor) + 1n));
  const value = fractionOfDecimal(decimal);
  const above = value.numerator * low.denominator - low.numerator * value.denominator;
  const gap = high.numerator * low.denominator - low.numerator * high.denominator;
  const units = ((above * high.denominator) << GAP_BITS) / (gap * value.denominator);
  const bounded = units === 0n ? 1n : units;
  return Buffer.from(bounded.toString(16).padStart(32, '0'), 'hex');
}

function doubleBits(number: number): bigint {
  scratch.setFloat64(0, number);
  return scratch.getBigUint64(0);
}

function doubleAt(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function fractionOfDouble(number: number): Fraction {
  const bits = doubleBits(number);
  const exponentBits = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponentBits === 0 ? 0n : 1n << 52n);
  const exponent = (exponentBits === 0 ? 1 : exponentBits) - 1075;
  return exponent >= 0
    ? { numerator: mantissa << BigInt(exponent), denominator: 1n }
    : { numerator: mantissa, denominator: 1n << BigInt(-exponent) };
}

function fractionOfDecimal({ coefficient, exponent }: Decimal): Fraction {
  return exponent >= 0
    ? { numerator: coefficient * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: coefficient, denominator: 10n ** BigInt(-exponent) };
}

function compareWithDouble(decimal: Decimal, double: number): number {
  const left = fractionOfDecimal(decimal);
  const right = fractionOfDouble(double);
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}
