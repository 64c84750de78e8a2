import { onDemand } from 'bson';
import { asBoolean, asNumber, type TypedDocument } from '../bson/document';

/** int32 length in front. */
const LENGTH_BYTES = 4;

/** Copies a part of a document without decoding it. */
export type FieldSelection = (document: Buffer) => Buffer;

/**
 * Makes the function for a projection that only names outermost fields to keep: what they hold, and what the others
 * hold, is skipped by its length. Undefined for every other projection.
 */
export function compileFieldSelection(specification: TypedDocument): FieldSelection | undefined {
  const { _id: id = true, ...others } = specification;
  const entries = Object.entries(others);
  const isSelection =
    isSwitch(id) &&
    entries.length > 0 &&
    entries.every(([name, value]) => isPlain(name) && isSwitch(value) && asBoolean(value));
  if (!isSelection) return undefined;
  const names = new Set(entries.map(([name]) => name));
  if (asBoolean(id)) names.add('_id');
  return (document) => selectFields(document, names);
}

const isSwitch = (value: unknown): boolean => typeof value === 'boolean' || asNumber(value) !== undefined;

const isPlain = (name: string): boolean => !/[.$]/.test(name);

/** The document with these of its outermost fields only. */
export function selectFields(document: Buffer, names: ReadonlySet<string>): Buffer {
  const parts: Buffer[] = [Buffer.alloc(LENGTH_BYTES)];
  for (const [, nameStart, nameLength, valueStart, valueLength] of onDemand.parseToElements(document)) {
    if (names.has(document.toString('utf8', nameStart, nameStart + nameLength))) {
      // The type's byte comes before the name.
      parts.push(document.subarray(nameStart - 1, valueStart + valueLength));
    }
  }
  parts.push(Buffer.alloc(1));
  const selected = Buffer.concat(parts);
  selected.writeInt32LE(selected.length);
  return selected;
}
