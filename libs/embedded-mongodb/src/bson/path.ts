import { fieldOf, isDocument, type TypedDocument } from './document';

const ARRAY_INDEX = /^(0|[1-9]\d*)$/;

/** The parts of a dotted path. */
export function splitPath(path: string): readonly string[] {
  return path.split('.');
}

/** The position that a part of a path names in an array; undefined when it is a field name. */
export function arrayIndex(part: string): number | undefined {
  return ARRAY_INDEX.test(part) ? Number(part) : undefined;
}

/**
 * Shows a test every value that a path reaches, as MongoDB's matcher does: documents in arrays on the way are each
 * followed, a number is also an array position, and a missing field counts as the value undefined. It stops at the
 * first value for which the test is true.
 *
 * @returns true when the test was true for a value
 */
export function someAtPath(
  document: TypedDocument,
  path: readonly string[],
  test: (value: unknown) => boolean,
): boolean {
  return someBelow(document, path, 0, test);
}

function someBelow(value: unknown, path: readonly string[], depth: number, test: (value: unknown) => boolean): boolean {
  const part = path[depth];
  if (part === undefined) return test(value);
  if (Array.isArray(value)) return someInArray(value, path, depth, test);
  if (!isDocument(value)) return test(undefined);
  return someBelow(fieldOf(value, part), path, depth + 1, test);
}

function someInArray(
  values: readonly unknown[],
  path: readonly string[],
  depth: number,
  test: (value: unknown) => boolean,
): boolean {
  for (const element of values) {
    if (isDocument(element) && someBelow(element, path, depth, test)) return true;
  }
  const index = arrayIndex(path[depth] ?? '');
  return index !== undefined && index < values.length && someBelow(values[index], path, depth + 1, test);
}

/** As `someAtPath`; an array at the end of the path is tested element by element and then as a whole. */
export function someElementAtPath(
  document: TypedDocument,
  path: readonly string[],
  test: (value: unknown) => boolean,
): boolean {
  return someAtPath(document, path, (value) => (Array.isArray(value) ? value.some(test) || test(value) : test(value)));
}

/** The keys that a document has in an index at one path. */
export interface PathValues {
  /** What is indexed; undefined stands for a missing field, NO_ELEMENT for an empty array. */
  readonly values: readonly unknown[];
  /** True when an array was met, so that the document may have several keys. */
  readonly multikey: boolean;
}

/** The index key of an empty array, which lies between MinKey and null. */
export const NO_ELEMENT = Symbol('empty array');

/** The values that an index holds for a document at a path: those that a matcher would be shown, but no whole arrays. */
export function indexedValues(document: TypedDocument, path: readonly string[]): PathValues {
  const values: unknown[] = [];
  let value: unknown = document;
  let depth = 0;
  while (depth < path.length && isDocument(value)) value = fieldOf(value, path[depth++] ?? '');
  if (depth === path.length && !Array.isArray(value)) return { values: [value], multikey: false };
  someAtPath(document, path, (reached) => {
    if (!Array.isArray(reached)) values.push(reached);
    else if (reached.length === 0) values.push(NO_ELEMENT);
    else for (const element of reached as unknown[]) values.push(element);
    return false;
  });
  if (values.length === 0) values.push(undefined);
  return { values, multikey: Array.isArray(value) };
}

/** The value at a path, following documents and array positions; undefined when there is none. */
export function fieldAtPath(document: TypedDocument, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of path) {
    const index = arrayIndex(part);
    if (Array.isArray(value) && index !== undefined) value = value[index] as unknown;
    else if (isDocument(value)) value = fieldOf(value, part);
    else return undefined;
  }
  return value;
}
