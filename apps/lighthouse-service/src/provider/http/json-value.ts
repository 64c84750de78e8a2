import { JSONPathEnvironment, JSONPathError } from 'json-p3';
import { NoValue } from '../no-value';

/** Without `match` and `search`: a pattern can be made so that it is tried for hours. */
const environment = new JSONPathEnvironment();
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/**
 * The one number at a JSONPath (RFC 9535); text that is a number counts as one.
 *
 * @param text of an answer
 * @throws NoValue
 */
export function jsonValue(text: string, path: string): number {
  const found = valuesAt(path, parsed(text));
  const [only] = found;
  if (found.length === 0) throw new NoValue(`the answer has nothing at ${path}`);
  if (found.length > 1) throw new NoValue(`the answer has ${found.length} values at ${path}, but must have one`);
  const value = typeof only === 'string' && only.trim() !== '' ? Number(only) : only;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new NoValue(`the value at ${path} is no number`);
  return value;
}

function valuesAt(path: string, json: Parameters<typeof environment.query>[1]): readonly unknown[] {
  try {
    return environment.query(path, json).values();
  } catch (error) {
    if (error instanceof JSONPathError) throw new NoValue(`${path} is no JSONPath: ${error.message}`, { cause: error });
    throw error;
  }
}

function parsed(text: string): Parameters<typeof environment.query>[1] {
  try {
    return JSON.parse(text) as Parameters<typeof environment.query>[1];
  } catch (error) {
    throw new NoValue('the answer is not JSON', { cause: error });
  }
}
