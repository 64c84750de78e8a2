import { isLosslessNumber, LosslessNumber, stringify } from 'lossless-json';
import { InvalidJson, JsonTooDeep } from './json.errors';
import { type InexactNumber, inexactNumbersIn } from './json-scan';
import { type JsonValue, setOwn } from './json-value';

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

/**
 * Begins the strings that stand for inexact numbers while a text is read, so that the parser of the engine can do it: another one takes
 * ten times as long. Nobody else knows it, since it leaves this module nowhere.
 */
const MARK = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString('base64');

/**
 * Reads JSON so that {@link stringifyJson} writes every number as it was spelled. A number that a JavaScript number
 * writes the same way is one; any other (`1.0`, `1e3`, `-0`, 2^53 + 1, 40 decimals) becomes an `ExactNumber`.
 * A byte order mark is skipped (RFC 8259, 8.1). Of equal keys in one object the last value wins. `__proto__` and the empty key are keys like any other.
 * @throws JsonTooDeep nested deeper than `maxDepth`, 100 when absent
 * @throws InvalidJson the text is not JSON
 */
export function parseJson(marked: string, { maxDepth = JSON_DEPTH_LIMIT }: JsonOptions = {}): JsonValue {
  const text = marked.startsWith(BYTE_ORDER_MARK) ? marked.slice(1) : marked;
  const numbers = inexactNumbersIn(text, maxDepth);
  if (numbers.length === 0) return parsePlain(text);
  try {
    return unmarked(JSON.parse(withMarks(text, numbers)));
  } catch {
    // In the words of the parser, for the text as it was given.
    parsePlain(text);
    throw new InvalidJson('not valid JSON: a number stands in the place of a name');
  }
}

function parsePlain(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new InvalidJson(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function withMarks(text: string, numbers: readonly InexactNumber[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const { start, literal } of numbers) {
    parts.push(text.slice(end, start), '"', MARK, literal, '"');
    end = start + literal.length;
  }
  parts.push(text.slice(end));
  return parts.join('');
}

/** Puts numbers in the place of marked strings. @throws Error for one that is no number of JSON, or is a name */
function unmarked(value: unknown): JsonValue {
  if (typeof value === 'string') return value.startsWith(MARK) ? new LosslessNumber(value.slice(MARK.length)) : value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = unmarked(item);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key.startsWith(MARK)) throw new InvalidJson('a number is no name');
      const exact = unmarked(item);
      if (exact !== item) setOwn(value, key, exact);
    }
  }
  return value as JsonValue;
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
