import { InvalidTimeFrame } from './evaluation.errors';

/** What a client says of the time that is to be evaluated, as text. */
export interface RequestedTimeFrame {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly timeframe?: string | undefined;
}

export interface TimeFrame {
  readonly start: Date;
  readonly end: Date;
}

const MINUTE_MS = 60_000;

/** Used when neither a start nor a time frame is given, in minutes. */
const DEFAULT_MINUTES = 5;

/** Longest time frame, in minutes: a year. Keeps dates inside what can be written. */
const MAXIMUM_MINUTES = 366 * 24 * 60;

/** `YYYY-MM-DDTHH:MM:SS`, a fraction allowed, in UTC and without a zone. */
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/;

/** Text after the first `m` is ignored, as in the original: `5minutes` are 5. */
const DURATION = /^\+?(\d+)m/;

/**
 * @param now the end of a frame that has none, in milliseconds since the epoch
 * @throws InvalidTimeFrame
 */
export function resolveTimeFrame({ start, end, timeframe }: RequestedTimeFrame, now: number): TimeFrame {
  if (end !== undefined && timeframe !== undefined) {
    throw new InvalidTimeFrame('You can not use --end together with --timeframe');
  }
  if (end !== undefined && start === undefined) {
    throw new InvalidTimeFrame('start date is required when using an end date');
  }
  if (start === undefined) {
    const minutes = timeframe === undefined ? DEFAULT_MINUTES : parseMinutes(timeframe);
    return { start: new Date(now - minutes * MINUTE_MS), end: new Date(now) };
  }
  const startTime = parseTimestamp(start);
  if (timeframe !== undefined) {
    return { start: new Date(startTime), end: new Date(startTime + parseMinutes(timeframe) * MINUTE_MS) };
  }
  if (end === undefined) {
    throw new InvalidTimeFrame('Please provide a timeframe, e.g., --timeframe=5m, or an end date using --end=...');
  }
  const endTime = parseTimestamp(end);
  if (endTime - startTime < MINUTE_MS) {
    throw new InvalidTimeFrame('end date must be at least 1 minute after start date');
  }
  return { start: new Date(startTime), end: new Date(endTime) };
}

const parseMinutes = (text: string): number => {
  const minutes = Number(DURATION.exec(text)?.[1]);
  if (!Number.isSafeInteger(minutes)) {
    throw new InvalidTimeFrame('The time frame format is invalid. Use the format [duration]m, e.g.: 5m');
  }
  if (minutes < 1) {
    throw new InvalidTimeFrame('end date must be at least 1 minute after start date');
  }
  if (minutes > MAXIMUM_MINUTES) {
    throw new InvalidTimeFrame(`The time frame must not be longer than ${MAXIMUM_MINUTES}m`);
  }
  return minutes;
};

const parseTimestamp = (text: string): number => {
  const time = TIMESTAMP.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Date.parse turns the 31st of April into the 1st of May.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw new InvalidTimeFrame(
      `parsing time "${text.slice(0, 64)}": use YYYY-MM-DDTHH:MM:SS in UTC and without a zone, e.g. 2020-11-23T10:15:30`,
    );
  }
  return time;
};
