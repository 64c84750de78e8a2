/** Bytes of a key that nobody has by chance. */
const KEY_BYTES = 16;

/** To send an event. */
export interface Attempt {
  /** As JSON. */
  readonly event: string;
  /** By it the API knows a repeat. */
  readonly key: string;
}

/** @param last the attempt before, unless it has succeeded: with the same event this one is a repeat of it */
export function attemptOf(event: object, last: Attempt | undefined): Attempt {
  const json = JSON.stringify(event);
  return last?.event === json ? last : { event: json, key: newKey() };
}

/** With plain HTTP there is no `randomUUID`. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
