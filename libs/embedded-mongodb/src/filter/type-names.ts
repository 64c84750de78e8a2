import { bsonClass, isDocument } from '../bson/document';

/** BSON type numbers and the names that $type takes. */
const NUMBER_OF_NAME: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

const NUMBER_OF_CLASS: Readonly<Record<string, number>> = {
  Double: 1,
  Binary: 5,
  ObjectId: 7,
  BSONRegExp: 11,
  Code: 13,
  BSONSymbol: 14,
  Int32: 16,
  Timestamp: 17,
  Long: 18,
  Decimal128: 19,
  MinKey: -1,
  MaxKey: 127,
};

const NUMERIC_TYPES = [1, 16, 18, 19];

/** True when a value has the BSON type with this name (or "number") or number. */
export function hasBsonType(value: unknown, type: string | number): boolean {
  const number = bsonTypeNumber(value);
  if (type === 'number') return NUMERIC_TYPES.includes(number);
  return number === (typeof type === 'string' ? NUMBER_OF_NAME[type] : type);
}

function bsonTypeNumber(value: unknown): number {
  const kind = bsonClass(value);
  const ofClass = kind === undefined ? undefined : NUMBER_OF_CLASS[kind];
  if (ofClass !== undefined) return ofClass;
  if (value === null || value === undefined) return 10;
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  if (value instanceof RegExp) return 11;
  if (value instanceof Uint8Array) return 5;
  if (isDocument(value)) return 3;
  return typeOfPrimitive(value);
}

function typeOfPrimitive(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 2;
    case 'boolean':
      return 8;
    case 'bigint':
      return 18;
    default:
      return Number.isInteger(value) ? 16 : 1;
  }
}
