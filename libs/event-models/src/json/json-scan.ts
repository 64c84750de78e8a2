import { InvalidJson, JsonTooDeep } from './json.errors';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const NUMBER = /-?[0-9][0-9.eE+-]*/y;

/** Up to 15 digits are exact in a double, whatever they are. */
const SAFE_DIGITS = 15;
const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** Whether JavaScript writes the number of a literal just as the literal. */
function keepsItsSpelling(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && PLAIN_INTEGER.test(literal)) return true;
  return JSON.stringify(Number(literal)) === literal;
}

/** Index of the quote that ends the string opened at `start`; the end of the text when it is never closed. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** A number in a text that plain `JSON.parse` does not give back as it was written. */
export interface InexactNumber {
  readonly start: number;
  readonly literal: string;
}

/**
 * Finds the inexact numbers of a JSON text in one pass. The text may be malformed: a parser stops at or before the point where this
 * reading of it goes wrong.
 * @throws JsonTooDeep
 */
export function inexactNumbersIn(text: string, maxDepth: number): readonly InexactNumber[] {
  let depth = 0;
  const found: InexactNumber[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) {
      if (++depth > maxDepth) throw new JsonTooDeep(maxDepth);
    } else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      depth--;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = at;
      const literal = NUMBER.exec(text)?.[0];
      if (literal === undefined) throw new InvalidJson(`not valid JSON: number expected at position ${at}`);
      if (!keepsItsSpelling(literal)) found.push({ start: at, literal });
      at += literal.length - 1;
    }
  }
  return found;
}
