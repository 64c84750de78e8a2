import { type Binary, type BSONRegExp, type Code, type ObjectId, type Timestamp } from 'bson';
import { binaryBytes, bsonClass, fieldsOf, type TypedDocument } from './document';
import { encodeNumber, exactDouble } from './number-encoding';
import { TYPE, typeOrder } from './type-order';

/** The negative, zero or positive order of two values in MongoDB's comparison order, across types. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  const type = typeOrder(left);
  const byType = type - typeOrder(right);
  return byType === 0 ? compareSameType(type, left, right) : byType;
}

/** True when two values are equal in MongoDB's sense: numbers by value, documents with the same order of fields. */
export function equalValues(left: unknown, right: unknown): boolean {
  return compareValues(left, right) === 0;
}

function compareSameType(type: number, left: unknown, right: unknown): number {
  switch (type) {
    case TYPE.number:
      return compareNumbers(left, right);
    case TYPE.string:
      return compareStrings(String(left), String(right));
    case TYPE.object:
      return compareDocuments(left as TypedDocument, right as TypedDocument);
    case TYPE.array:
      return compareArrays(left as unknown[], right as unknown[]);
    case TYPE.binary:
      return compareBinaries(left as Binary, right as Binary);
    case TYPE.objectId:
      return Buffer.compare((left as ObjectId).id, (right as ObjectId).id);
    case TYPE.boolean:
      return Number(left) - Number(right);
    case TYPE.date:
      return (left as Date).getTime() - (right as Date).getTime();
    case TYPE.timestamp:
      return (left as Timestamp).compare(right as Timestamp);
    case TYPE.regex:
      return compareRegularExpressions(left as BSONRegExp, right as BSONRegExp);
    case TYPE.code:
    case TYPE.codeWithScope:
      return compareStrings((left as Code).code, (right as Code).code);
    default:
      return 0;
  }
}

/** Compares numbers of any kinds by their exact values; NaN is below every other number. */
function compareNumbers(left: unknown, right: unknown): number {
  const a = exactDouble(left);
  const b = exactDouble(right);
  if (a === undefined || b === undefined) return Buffer.compare(encodeNumber(left), encodeNumber(right));
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

/** Compares strings by their UTF-8 bytes, which is not the order of JavaScript for characters above U+FFFF. */
function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return utf8Rank(a) - utf8Rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for characters that come after U+FFFF in UTF-8. */
function utf8Rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

function compareDocuments(left: TypedDocument, right: TypedDocument): number {
  const a = Object.entries(fieldsOf(left));
  const b = Object.entries(fieldsOf(right));
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [nameA, valueA] = a[i] ?? [''];
    const [nameB, valueB] = b[i] ?? [''];
    const order =
      typeOrder(valueA) - typeOrder(valueB) || compareStrings(nameA, nameB) || compareValues(valueA, valueB);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareArrays(left: unknown[], right: unknown[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareValues(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareBinaries(left: Binary | Uint8Array, right: Binary | Uint8Array): number {
  const a = binaryBytes(left);
  const b = binaryBytes(right);
  return a.length - b.length || binarySubtype(left) - binarySubtype(right) || Buffer.compare(a, b);
}

/** The subtype of binary data; a plain Buffer is generic (0). */
export function binarySubtype(value: Binary | Uint8Array): number {
  return value instanceof Uint8Array ? 0 : value.sub_type;
}

function compareRegularExpressions(left: BSONRegExp | RegExp, right: BSONRegExp | RegExp): number {
  const [patternA, optionsA] = regexParts(left);
  const [patternB, optionsB] = regexParts(right);
  return compareStrings(patternA, patternB) || compareStrings(optionsA, optionsB);
}

/** Pattern and options of a regular expression in either form. */
export function regexParts(value: BSONRegExp | RegExp): [pattern: string, options: string] {
  if (bsonClass(value) !== undefined) {
    const expression = value as BSONRegExp;
    return [expression.pattern, expression.options];
  }
  const expression = value as RegExp;
  return [expression.source, expression.flags];
}
