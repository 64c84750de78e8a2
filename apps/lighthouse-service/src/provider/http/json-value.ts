import { JSONPathError, type JSONValue } from 'json-p3';
import { NoValue } from '../no-value';
import { type JsonPath } from './json-path';

/**
 * The one number at a path; text that is a number counts as one.
 *
 * @param text of an answer
 * @throws NoValue
 */
export function jsonValue(text: string, path: JsonPath): number {
  const found = valuesAt(path, parsed(text));
  const [only] = found;
  if (found.length === 0) throw new NoValue(`the answer has nothing at ${path.toString()}`);
  if (found.length > 1) {
    throw new NoValue(`the answer has ${found.length} values at ${path.toString()}, but must have one`);
  }
  const value = typeof only === 'string' && only.trim() !== '' ? Number(only) : only;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new NoValue(`the value at ${path.toString()} is no number`);
  }
  return value;
}

function valuesAt(path: JsonPath, json: JSONValue): readonly unknown[] {
  try {
    return path.query(json).values();
  } catch (error) {
    // The library calls functions with each node as an argument, and itself for each level.
    if (!(error instanceof JSONPathError) && !(error instanceof RangeError)) throw error;
    throw new NoValue(`the answer is too large or too deep for ${path.toString()}`, { cause: error });
  }
}

function parsed(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch (error) {
    throw new NoValue('the answer is not JSON', { cause: error });
  }
}
