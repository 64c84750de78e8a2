import { asNumber, isDocument, type TypedDocument } from '../bson/document';
import { CommandError, notSupported } from '../errors';
import { KeyWriter, writeValue } from './key-encoding';
import { TYPE } from '../bson/type-order';
import { indexedValues, NO_ELEMENT, splitPath } from '../bson/path';
import { type KeyComponent } from './index-definition';

/** Reads a sort or key pattern such as `{time: -1, seq: -1}`. */
export function parseSort(value: unknown): readonly KeyComponent[] {
  if (value === undefined || value === null) return [];
  if (!isDocument(value)) throw new CommandError('TypeMismatch', 'a sort has to be a document');
  return Object.entries(value).map(([path, direction]) => {
    const number = asNumber(direction);
    if (isDocument(direction) || path.startsWith('$')) throw notSupported(`a sort by ${path}`);
    if (number !== 1 && number !== -1) throw new CommandError('BadValue', '$sort key ordering must be 1 or -1');
    return { path, parts: splitPath(path), direction: number };
  });
}

/**
 * The bytes by which documents are sorted: of an array counts the least element when ascending, the greatest when
 * descending.
 */
export function sortKey(document: TypedDocument, components: readonly KeyComponent[]): Buffer {
  const writer = new KeyWriter();
  for (const component of components) {
    const candidates = indexedValues(document, component.parts).values.map((value) =>
      encodeComponent(value, component.direction),
    );
    const [first, ...others] = candidates;
    if (first !== undefined)
      writer.append(others.reduce((least, next) => (Buffer.compare(next, least) < 0 ? next : least), first));
  }
  return writer.finish();
}

/** The bytes of one value at one component of a key, in the component's direction. */
export function encodeComponent(value: unknown, direction: 1 | -1, limit = Infinity): Buffer {
  const writer = new KeyWriter(limit);
  if (value === NO_ELEMENT) writer.byte(TYPE.none);
  else writeValue(writer, value);
  if (direction === -1) writer.complement(0);
  return writer.finish();
}
