import { EJSON } from 'bson';
import { fieldOf, isDocument, setOwn, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { arrayIndex, fieldAtPath } from '../bson/path';

/** More null elements than this are not added to reach an array position, as in MongoDB. */
const MAX_PADDING = 1_500_000;

/** Sets the value at a path, making the documents on the way. @throws CommandError PathNotViable */
export function setAtPath(document: TypedDocument, path: readonly string[], value: unknown): void {
  let container: TypedDocument | unknown[] = document;
  for (const part of path.slice(0, -1)) {
    const next = childOf(container, part);
    if (next === undefined || (next === null && Array.isArray(container))) {
      const made: TypedDocument = {};
      setChild(container, part, made);
      container = made;
    } else if (Array.isArray(next) || isDocument(next)) {
      container = next as TypedDocument | unknown[];
    } else {
      throw notViable(path, part, next);
    }
  }
  setChild(container, path.at(-1) ?? '', value);
}

/** Removes the field at a path; an array element becomes null, as in MongoDB. */
export function unsetAtPath(document: TypedDocument, path: readonly string[]): void {
  const parent = fieldAtPath(document, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  const index = arrayIndex(last);
  if (Array.isArray(parent)) {
    if (index !== undefined && index < parent.length) parent[index] = null;
  } else if (isDocument(parent) && Object.hasOwn(parent, last)) {
    Reflect.deleteProperty(parent, last);
  }
}

function childOf(container: TypedDocument | unknown[], part: string): unknown {
  if (!Array.isArray(container)) return fieldOf(container, part);
  const index = arrayIndex(part);
  return index === undefined ? undefined : container[index];
}

function setChild(container: TypedDocument | unknown[], part: string, value: unknown): void {
  if (!Array.isArray(container)) {
    setOwn(container, part, value);
    return;
  }
  const index = arrayIndex(part);
  if (index === undefined) {
    throw new CommandError('PathNotViable', `Cannot create field '${part}' in an array`);
  }
  if (index - container.length > MAX_PADDING)
    throw new CommandError('BadValue', `can't backfill more than ${MAX_PADDING} elements`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

function notViable(path: readonly string[], part: string, value: unknown): CommandError {
  const below = path[path.indexOf(part) + 1] ?? '';
  return new CommandError(
    'PathNotViable',
    `Cannot create field '${below}' in element {${part}: ${EJSON.stringify(value, { relaxed: true })}}`,
  );
}
