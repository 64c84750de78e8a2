import { type Binary, type BSONRegExp, type Code, type ObjectId, type Timestamp } from 'bson';
import { binarySubtype, regexParts } from '../bson/compare';
import { binaryBytes, fieldsOf, type TypedDocument } from '../bson/document';
import { encodeNumber } from '../bson/number-encoding';
import { TYPE, type TypeOrder, typeOrder } from '../bson/type-order';

/**
 * Bytes for BSON values that order as MongoDB orders the values (memcmp). Each value ends itself, so that the bytes of
 * several values one after the other order as the tuple does, and complementing the bytes of a value reverses its
 * order. A zero byte ends strings, documents and arrays; a zero in a string is written as 00 FF.
 */
const END = 0x00;
const ESCAPED_ZERO = 0xff;

/** Where encoded bytes go: all of them, or up to a limit for keys whose length is limited. */
export class KeyWriter {
  private bytes: Buffer;
  private length = 0;
  /** True once bytes were left out because of the limit. */
  truncated = false;

  /** @param limit the number of bytes kept; Infinity for all */
  constructor(private readonly limit = Infinity) {
    this.bytes = Buffer.allocUnsafe(Math.min(limit, 256));
  }

  get position(): number {
    return this.length;
  }

  byte(value: number): void {
    if (this.length >= this.limit) {
      this.truncated = true;
      return;
    }
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  append(bytes: Uint8Array): void {
    const fitting = Math.min(bytes.length, this.limit - this.length);
    if (fitting < bytes.length) this.truncated = true;
    this.reserve(fitting);
    this.bytes.set(fitting < bytes.length ? bytes.subarray(0, fitting) : bytes, this.length);
    this.length += fitting;
  }

  /** Appends a string that ends itself. */
  string(text: string): void {
    // A character takes at least a byte, so characters beyond the limit cannot count; 2 more keep a pair whole.
    const utf8 = Buffer.from(text.length > this.limit ? text.slice(0, this.limit + 2) : text);
    let start = 0;
    for (let zero = utf8.indexOf(0); zero >= 0; zero = utf8.indexOf(0, start)) {
      this.append(utf8.subarray(start, zero + 1));
      this.byte(ESCAPED_ZERO);
      start = zero + 1;
    }
    this.append(start === 0 ? utf8 : utf8.subarray(start));
    this.byte(END);
    this.byte(END);
  }

  /** Reverses the order of what was written since `start`. */
  complement(start: number): void {
    for (let i = start; i < this.length; i++) this.bytes[i] = (this.bytes[i] ?? 0) ^ 0xff;
  }

  finish(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + extra));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Writes a value: the byte of its type, then its content. */
export function writeValue(writer: KeyWriter, value: unknown): void {
  const type = typeOrder(value);
  writer.byte(type);
  writeContent(writer, type, value);
}

/** The encoding of one value. */
export function encodeValue(value: unknown, limit = Infinity): Buffer {
  const writer = new KeyWriter(limit);
  writeValue(writer, value);
  return writer.finish();
}

function writeContent(writer: KeyWriter, type: TypeOrder, value: unknown): void {
  if (!writer.truncated) CONTENT_WRITERS[type]?.(writer, value);
}

/** Types without an entry have one value only. */
const CONTENT_WRITERS: Readonly<Partial<Record<TypeOrder, (writer: KeyWriter, value: unknown) => void>>> = {
  [TYPE.number]: (writer, value) => {
    writer.append(encodeNumber(value));
  },
  [TYPE.string]: (writer, value) => {
    writer.string(String(value));
  },
  [TYPE.object]: (writer, value) => {
    writeDocument(writer, value as TypedDocument);
  },
  [TYPE.array]: (writer, value) => {
    writeArray(writer, value as unknown[]);
  },
  [TYPE.binary]: (writer, value) => {
    writeBinary(writer, value as Binary);
  },
  [TYPE.objectId]: (writer, value) => {
    writer.append((value as ObjectId).id);
  },
  [TYPE.boolean]: (writer, value) => {
    writer.byte(value === true ? 1 : 0);
  },
  [TYPE.date]: (writer, value) => {
    writer.append(encodeInt64(BigInt((value as Date).getTime() || 0) + (1n << 63n)));
  },
  [TYPE.timestamp]: (writer, value) => {
    writer.append(encodeInt64((value as Timestamp).toBigInt()));
  },
  [TYPE.regex]: (writer, value) => {
    for (const part of regexParts(value as BSONRegExp)) writer.string(part);
  },
  [TYPE.code]: (writer, value) => {
    writer.string((value as Code).code);
  },
  [TYPE.codeWithScope]: (writer, value) => {
    writer.string((value as Code).code);
  },
};

/** MongoDB compares documents field by field: first the type of the value, then the name, then the value. */
function writeDocument(writer: KeyWriter, document: TypedDocument): void {
  for (const [name, value] of Object.entries(fieldsOf(document))) {
    const type = typeOrder(value);
    writer.byte(type);
    writer.string(name);
    writeContent(writer, type, value);
  }
  writer.byte(END);
}

function writeArray(writer: KeyWriter, values: readonly unknown[]): void {
  for (const value of values) writeValue(writer, value);
  writer.byte(END);
}

/** MongoDB compares binary data by length, then subtype, then bytes. */
function writeBinary(writer: KeyWriter, value: Binary | Uint8Array): void {
  const bytes = binaryBytes(value);
  const header = Buffer.allocUnsafe(5);
  header.writeUInt32BE(bytes.length, 0);
  header[4] = binarySubtype(value);
  writer.append(header);
  writer.append(bytes);
}

function encodeInt64(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(value & 0xffffffffffffffffn);
  return bytes;
}

/** The smallest bytes above everything that starts with these; undefined when there are none. */
export function successor(prefix: Uint8Array): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const bytes = Buffer.from(prefix.subarray(0, length));
  bytes[length - 1] = (bytes[length - 1] ?? 0) + 1;
  return bytes;
}
