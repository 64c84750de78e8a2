/**
 * The forms of a date-time that Keptn 0.7 reads: RFC 3339 with any fraction, the same without zone, and the ISO 8601
 * form without seconds.
 */
const DATE_TIME =
  /^(?<date>(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d))[Tt](?<minutes>(?<hour>[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/** Go's zero time, which the Keptn CLI sends when it has no time. */
const ZERO_TIME = /^0001-01-01T00:00:00(?:\.0+)?(?:Z|[+-]00:00)$/;

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * The RFC 3339 form of a time as a sender spelled it: offset and fraction are kept, a missing zone means UTC.
 * @returns undefined when the text is not a date-time
 */
export function toRfc3339(text: string): string | undefined {
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  if (!isCalendarDay(Number(parts['year']), Number(parts['month']), Number(parts['day']))) return undefined;
  const time = `${parts['minutes'] ?? ''}${parts['seconds'] ?? ':00'}${parts['fraction'] ?? ''}`;
  return `${parts['date'] ?? ''}T${time}${(parts['zone'] ?? 'Z').toUpperCase()}`;
}

/** Whether a time in RFC 3339 stands for "not given". */
export function isZeroTime(time: string): boolean {
  return ZERO_TIME.test(time);
}
