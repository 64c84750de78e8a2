/** Everything else, and so every name that means something to MongoDB or JavaScript, is percent-encoded. */
const UNSAFE_IN_KEY = /[^A-Za-z0-9-]/gu;

/**
 * The name of a stage or an event type as a key of a map in MongoDB: there a dot separates the steps of a path and `$` an
 * operator. Different names have different keys.
 */
export function mapKey(name: string): string {
  return name.replace(UNSAFE_IN_KEY, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
