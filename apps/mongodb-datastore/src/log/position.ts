import { toRfc3339 } from '@keptn/event-models';

/**
 * Position of an event in the order of its log: by time to the millisecond, then by sequence number, which is the order of
 * arrival. Two fixed-length numbers in base 32 (digits 0-9a-v), so that comparing texts compares positions, every position is
 * unique, and a page is one or two ranges of one field: no ties to resolve, no `$or`.
 */
export type Position = string & { readonly __brand: 'Position' };

/** A part of the log; without an end where one is missing. */
export interface PositionRange {
  /** First position of the range. */
  readonly from?: Position;
  /** First position after the range. */
  readonly until?: Position;
}

export type SortOrder = 'newest first' | 'oldest first';

/** Nanoseconds since {@link ORIGIN_MS}. */
export type Instant = bigint & { readonly __brand: 'Instant' };

/** 14 digits hold 70 bits; the last instant, in the year 9999, needs 69. */
const TIME_DIGITS = 14;

/** 11 digits hold 55 bits; sequence numbers are safe integers of 53. */
const SEQUENCE_DIGITS = 11;
const HALF = TIME_DIGITS / 2;
const HALF_BITS = 35n;

/** A day before the year 0, so that no offset of a zone makes an instant negative. */
const ORIGIN_MS = Date.parse('0000-01-01T00:00:00Z') - 86_400_000;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const FRACTION = /\.(\d+)/;
const FRACTION_DIGITS = 9;

/**
 * @param text a date-time in one of the forms that Keptn reads
 * @returns undefined when the text is not a date-time
 */
export function instantOf(text: string): Instant | undefined {
  const time = toRfc3339(text);
  return time === undefined ? undefined : instantAt(time);
}

/** @param time as `toRfc3339` writes it */
export function instantAt(time: string): Instant {
  const fraction = FRACTION.exec(time)?.[1] ?? '';
  const nanoseconds = BigInt(fraction.slice(0, FRACTION_DIGITS).padEnd(FRACTION_DIGITS, '0'));
  const milliseconds = Date.parse(time.replace(FRACTION, '')) - ORIGIN_MS;
  return (BigInt(milliseconds) * NANOSECONDS_PER_MILLISECOND + nanoseconds) as Instant;
}

/** The instant as a date, in milliseconds. */
export function dateOf(instant: Instant): Date {
  return new Date(Number(instant / NANOSECONDS_PER_MILLISECOND) + ORIGIN_MS);
}

/** The first position that an event of this millisecond can have. */
export function positionOfDate(date: Date): Position {
  return positionAt((BigInt(date.getTime() - ORIGIN_MS) * NANOSECONDS_PER_MILLISECOND) as Instant);
}

/** Clocks of several senders say nothing about the order within a millisecond, so that is the order of arrival. */
export function positionOf(instant: Instant, sequence: number): Position {
  return positionAt((instant - (instant % NANOSECONDS_PER_MILLISECOND)) as Instant, sequence);
}

/** The first position after every event of this instant. */
export function positionAfter(instant: Instant): Position {
  return positionAt((instant + 1n) as Instant);
}

/** The first position that is not before this instant. */
export function positionAt(instant: Instant, sequence = 0): Position {
  return (digits(instant, TIME_DIGITS) + digits(sequence, SEQUENCE_DIGITS)) as Position;
}

/** Sorts behind `position` and before every other position of an event. */
export function positionBehind(position: Position): Position {
  return `${position}0` as Position;
}

/** Sorts before every position of the same millisecond. */
export function startOfMillisecond(position: Position): Position {
  return position.slice(0, TIME_DIGITS) as Position;
}

/** Sorts behind every position of the same millisecond: w is no digit. */
export function endOfMillisecond(position: Position): Position {
  return `${position.slice(0, TIME_DIGITS)}w` as Position;
}

const digits = (value: bigint | number, length: number): string => value.toString(32).padStart(length, '0');

/** The sequence number in a position. */
export function sequenceIn(position: Position): number {
  return Number.parseInt(position.slice(TIME_DIGITS), 32);
}

/** Marks the layout of page keys: 21 digits of time, 16 of sequence. Never 0, so that leading zeros survive a number. */
const KEY_VERSION = '1';
const KEY = /^1(\d{21})(\d{16})$/;

/**
 * The key of the page that starts behind `position`: a decimal number. Keptn's Go client reads the key as an offset and stops
 * once it is not below its number of pages. A number this large ends its paging where the original's offset did, as long as
 * pages hold more events than pages are wanted; letters, which it reads as 0, would make it fetch the whole log.
 */
export function pageKeyOf(position: Position): string {
  const high = BigInt(Number.parseInt(position.slice(0, HALF), 32));
  const low = BigInt(Number.parseInt(position.slice(HALF, TIME_DIGITS), 32));
  const time = ((high << HALF_BITS) | low).toString();
  return KEY_VERSION + time.padStart(21, '0') + sequenceIn(position).toString().padStart(16, '0');
}

/** @returns undefined when the text is no key that {@link pageKeyOf} made */
export function positionOfPageKey(key: string): Position | undefined {
  const [, time, sequence] = KEY.exec(key) ?? [];
  if (time === undefined || sequence === undefined || !Number.isSafeInteger(Number(sequence))) return undefined;
  const position = positionAt(BigInt(time) as Instant, Number(sequence));
  return position.length === TIME_DIGITS + SEQUENCE_DIGITS ? position : undefined;
}
