const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** Signed, of 64 bits. */
const LATEST = 2n ** 63n - 1n;

/** Go's default text of a time, as the original wrote it; the monotonic clock (`m=+0.1`) behind it is of no use later. */
const GO_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))? ([+-]\d{2})(\d{2})\b/;

/** The time in nanoseconds since 1970 as decimal text; clients parse it as a signed 64-bit integer. */
export function nanosecondsNow(): string {
  return nanosecondsOf(new Date());
}

/** @returns nanoseconds since 1970 as decimal text; a time beyond the years 1677 to 2262 is the last one that clients can read */
export function nanosecondsOf(time: Date): string {
  return inClients(BigInt(time.getTime()) * NANOSECONDS_PER_MILLISECOND).toString();
}

/** @param nanoseconds since 1970, as decimal text */
export function toGoTime(nanoseconds: string): string {
  const time = BigInt(nanoseconds);
  const [date = '', clock = ''] = new Date(Number(time / NANOSECONDS_PER_MILLISECOND)).toISOString().split('T');
  const fraction = (time % NANOSECONDS_PER_SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  return `${date} ${clock.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}

/** @returns nanoseconds since 1970 as decimal text; undefined when the text is no time of Go */
export function fromGoTime(text: string): string | undefined {
  const match = GO_TIME.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, date = '', clock = '', fraction = '', hours = '', minutes = ''] = match;
  const second = Date.parse(`${date}T${clock}${hours}:${minutes}`);
  if (Number.isNaN(second)) {
    return undefined;
  }
  return inClients(BigInt(second) * NANOSECONDS_PER_MILLISECOND + BigInt(fraction.padEnd(9, '0'))).toString();
}

function inClients(nanoseconds: bigint): bigint {
  if (nanoseconds > LATEST) return LATEST;
  return nanoseconds < -LATEST ? -LATEST : nanoseconds;
}
