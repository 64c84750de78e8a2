const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * A time of the server's views in the local time zone, to the second.
 *
 * @param nanoseconds since 1970 as decimal text
 */
export function creationTime(nanoseconds: string | undefined): string {
  if (nanoseconds === undefined || !/^\d{1,19}$/.test(nanoseconds)) {
    return 'n/a';
  }
  return localTime(new Date(Number(BigInt(nanoseconds) / NANOSECONDS_PER_MILLISECOND)));
}

/** RFC 3339 with the local offset, to the second. */
export function localTime(time: Date): string {
  const offset = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return offset === 0 ? `${local}Z` : `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
