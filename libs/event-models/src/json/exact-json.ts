import { isLosslessNumber, LosslessNumber, parse, type ParseOptions, stringify } from 'lossless-json';
import { InvalidJson, JsonTooDeep } from './json.errors';
import { hasInexactNumber, keepsItsSpelling } from './json-scan';
import { type JsonNumber, type JsonValue } from './json-value';

/** Deepest nesting of objects and arrays that is read or written, unless the caller says otherwise. */
export const JSON_DEPTH_LIMIT = 100;

export interface JsonOptions {
  /** Deepest nesting of objects and arrays; `[]` is 1 deep. */
  readonly maxDepth?: number;
}

export interface JsonFormat extends JsonOptions {
  /** Blanks for each level of nesting; all on one line when absent. */
  readonly indent?: number;
}

const BYTE_ORDER_MARK = '\ufeff';

const EXACT_READING: ParseOptions = {
  parseNumber: (literal): JsonNumber => (keepsItsSpelling(literal) ? Number(literal) : new LosslessNumber(literal)),
  onDuplicateKey: ({ newValue }) => newValue,
};

/**
 * Reads JSON so that {@link stringifyJson} writes every number as it was spelled. A number that a JavaScript number
 * writes the same way is one; any other (`1.0`, `1e3`, `-0`, 2^53 + 1, 40 decimals) becomes an `ExactNumber`.
 * A byte order mark is skipped (RFC 8259, 8.1). Of equal keys in one object the last value wins. `__proto__` and the empty key are keys like any other.
 * @throws JsonTooDeep nested deeper than `maxDepth`, 100 when absent
 * @throws InvalidJson the text is not JSON
 */
export function parseJson(marked: string, { maxDepth = JSON_DEPTH_LIMIT }: JsonOptions = {}): JsonValue {
  const text = marked.startsWith(BYTE_ORDER_MARK) ? marked.slice(1) : marked;
  const inexact = hasInexactNumber(text, maxDepth);
  try {
    return inexact ? (parse(text, null, EXACT_READING) as JsonValue) : (JSON.parse(text) as JsonValue);
  } catch (error) {
    throw new InvalidJson(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Whether a value holds numbers that `JSON.stringify` cannot write. */
function holdsExactNumber(value: unknown, maxDepth: number, depth: number): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (isLosslessNumber(value)) return true;
  if (depth >= maxDepth) throw new JsonTooDeep(maxDepth);
  let found = false;
  // No early exit: the depth of every branch has to be seen before a recursive writer is started.
  for (const key of Object.keys(value)) {
    if (holdsExactNumber((value as Readonly<Record<string, unknown>>)[key], maxDepth, depth + 1)) found = true;
  }
  return found;
}

/**
 * Writes JSON, with each `ExactNumber` and bigint digit by digit.
 * @throws JsonTooDeep nested deeper than `maxDepth`, 100 when absent; a value that contains itself ends here as well
 * @throws InvalidJson the value has no JSON form (undefined, a function)
 */
export function stringifyJson(value: unknown, { maxDepth = JSON_DEPTH_LIMIT, indent }: JsonFormat = {}): string {
  const exact = holdsExactNumber(value, maxDepth, 0);
  // The declared type of JSON.stringify leaves out that it answers undefined for undefined.
  const text = exact ? stringify(value, null, indent) : (JSON.stringify(value, null, indent) as string | undefined);
  if (text === undefined) throw new InvalidJson(`a value of type ${typeof value} has no JSON form`);
  return text;
}
