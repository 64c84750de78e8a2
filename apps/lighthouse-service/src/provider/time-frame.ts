import { toRfc3339 } from '@keptn/event-models';

/** What is asked about, in seconds since 1970. */
export interface TimeFrame {
  readonly start: number;
  readonly end: number;
  /** `300s`, rounded up. */
  readonly duration: string;
}

const UNIX_SECONDS = /^\d{1,12}$/;

/** Without one, a time would be another one in each place where the service runs. */
const WITH_ZONE = /(?:Z|[+-]\d\d:\d\d)$/;

/**
 * @param start RFC 3339 with a zone, or seconds since 1970
 * @returns undefined when one of both is neither, or the end is not behind the start
 */
export function timeFrameOf({ start, end }: { readonly start: string; readonly end: string }): TimeFrame | undefined {
  const from = secondsOf(start);
  const to = secondsOf(end);
  if (!(to > from)) return undefined;
  return { start: from, end: to, duration: `${Math.ceil(to - from)}s` };
}

function secondsOf(text: string): number {
  if (UNIX_SECONDS.test(text)) return Number(text);
  return WITH_ZONE.test(text) ? Date.parse(toRfc3339(text) ?? '') / 1_000 : Number.NaN;
}
