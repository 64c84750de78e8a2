/** Bytes of a key that nobody has by chance. */
const KEY_BYTES = 16;

/** To begin a run. */
export interface Attempt {
  /** What is sent, as JSON. */
  readonly content: string;
  /** By it the API knows a repeat. */
  readonly key: string;
}

/** @param last the attempt before, unless it has succeeded: with the same content this one is a repeat of it */
export function attemptOf(content: object, last: Attempt | undefined): Attempt {
  const json = JSON.stringify(content);
  return last?.content === json ? last : { content: json, key: newKey() };
}

/** With plain HTTP there is no `randomUUID`. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
