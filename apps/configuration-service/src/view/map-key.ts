/** What neither a path in MongoDB nor the name of an operator can be made of; other characters are percent-encoded. */
const UNSAFE_IN_KEY = /[^A-Za-z0-9-]/gu;

/**
 * The name of a stage or an event type as a key of a map in MongoDB: there a dot separates the steps of a path and `$` an
 * operator, and in JavaScript every object has some names already, such as `constructor`. Different names have different keys.
 */
export function mapKey(name: string): string {
  const key = name.replace(UNSAFE_IN_KEY, percentEncoded);
  return key in Object.prototype ? percentEncoded(key.charAt(0)) + key.slice(1) : key;
}

/** By code; event types are full of dots. */
const ENCODED_ASCII = Array.from({ length: 0x80 }, (_none, code) => hexOf(code));

function percentEncoded(character: string): string {
  return ENCODED_ASCII[character.charCodeAt(0)] ?? [...Buffer.from(character, 'utf8')].map(hexOf).join('');
}

function hexOf(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`;
}
