import { bsonClass } from './document';

/**
 * MongoDB's order of the BSON types, as the first byte of an encoded value. `none` is the value that an empty array
 * has in an index. Int32, Double, Long and Decimal128 are one type: they compare by value.
 */
export const TYPE = {
  minKey: 0x02,
  none: 0x06,
  null: 0x0a,
  number: 0x10,
  string: 0x18,
  object: 0x20,
  array: 0x28,
  binary: 0x30,
  objectId: 0x38,
  boolean: 0x40,
  date: 0x48,
  timestamp: 0x50,
  regex: 0x58,
  code: 0x60,
  codeWithScope: 0x68,
  maxKey: 0x70,
} as const;

export type TypeOrder = (typeof TYPE)[keyof typeof TYPE];

const ORDER_OF_CLASS: Readonly<Record<string, TypeOrder>> = {
  MinKey: TYPE.minKey,
  MaxKey: TYPE.maxKey,
  Int32: TYPE.number,
  Double: TYPE.number,
  Long: TYPE.number,
  Decimal128: TYPE.number,
  BSONSymbol: TYPE.string,
  DBRef: TYPE.object,
  Binary: TYPE.binary,
  ObjectId: TYPE.objectId,
  Timestamp: TYPE.timestamp,
  BSONRegExp: TYPE.regex,
  Code: TYPE.code,
};

/** The place of a value's type in MongoDB's order; undefined counts as null, as a missing field does. */
export function typeOrder(value: unknown): TypeOrder {
  switch (typeof value) {
    case 'string':
      return TYPE.string;
    case 'number':
    case 'bigint':
      return TYPE.number;
    case 'boolean':
      return TYPE.boolean;
    case 'object':
      return value === null ? TYPE.null : typeOrderOfObject(value);
    default:
      return TYPE.null;
  }
}

function typeOrderOfObject(value: object): TypeOrder {
  if (Array.isArray(value)) return TYPE.array;
  if (value instanceof Date) return TYPE.date;
  if (value instanceof RegExp) return TYPE.regex;
  if (value instanceof Uint8Array) return TYPE.binary;
  const kind = bsonClass(value);
  if (kind === undefined) return TYPE.object;
  if (kind === 'Code' && 'scope' in value && value.scope !== null && value.scope !== undefined)
    return TYPE.codeWithScope;
  return ORDER_OF_CLASS[kind] ?? TYPE.object;
}
