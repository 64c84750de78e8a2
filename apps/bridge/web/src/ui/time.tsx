import { type PointerEvent, useSyncExternalStore } from 'react';

const MINUTE_MS = 60_000;

/** Shown times are this old at most. One clock serves all of them. */
let now = Date.now();
let clock: number | undefined;
const watchers = new Set<() => void>();

const watchClock = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  clock ??= window.setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, MINUTE_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    window.clearInterval(clock);
    clock = undefined;
  };
};

/** Formats are made when they are first needed: making one takes longer than rendering a hundred cells. */
let exactFormat: Intl.DateTimeFormat | undefined;
let shortFormat: Intl.DateTimeFormat | undefined;

const exactly = (date: Date): string => {
  exactFormat ??= new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long' });
  return exactFormat.format(date);
};

const inShort = (date: Date): string => {
  shortFormat ??= new Intl.DateTimeFormat('en', {
    ...{ month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return shortFormat.format(date);
};

/** Units with their lengths in milliseconds, for one and for several. */
const UNITS = [
  [31_557_600_000, 'year', 'years'],
  [2_629_800_000, 'month', 'months'],
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [MINUTE_MS, 'min', 'min'],
] as const;

interface TimeProps {
  /** RFC 3339 */
  readonly at: string;
  readonly className?: string | undefined;
}

/** The present, for what is rendered again each minute. */
export function useNow(): number {
  useSyncExternalStore(watchClock, () => now);
  return Date.now();
}

/** How long ago something was, and exactly when it was under the pointer. */
export function Time({ at, className }: TimeProps) {
  const difference = Date.parse(at) - useNow();
  return <TimeText at={at} className={className} text={Number.isNaN(difference) ? undefined : ago(difference)} />;
}

/** For how long something has been so. */
export function TimeSince({ at, className }: TimeProps) {
  const difference = Date.parse(at) - useNow();
  const text = Number.isNaN(difference) ? undefined : `for ${spanOf(difference) ?? 'a moment'}`;
  return <TimeText at={at} className={className} text={text} />;
}

/** When something was, in a few letters, where several times are compared. */
export function ShortTime({ at }: TimeProps) {
  const date = new Date(at);
  return <TimeText at={at} text={Number.isNaN(date.getTime()) ? undefined : inShort(date)} />;
}

/** @param props text: undefined when `at` is no time */
function TimeText({ at, className, text }: TimeProps & { readonly text: string | undefined }) {
  if (text === undefined) return <span className={className}>{at}</span>;
  return (
    <time dateTime={at} title={at} className={className} onPointerEnter={showLocalTime}>
      {text}
    </time>
  );
}

/** In the zone of the reader only where somebody points at it: it takes longer to write than the rest of a cell. */
const showLocalTime = ({ currentTarget: time }: PointerEvent<HTMLTimeElement>): void => {
  time.title = exactly(new Date(time.dateTime));
};

/** @param difference from now, in milliseconds; negative for the past */
const ago = (difference: number): string => {
  const span = spanOf(difference);
  if (span === undefined) return 'just now';
  return difference < 0 ? `${span} ago` : `in ${span}`;
};

/** @returns undefined for less than a minute */
const spanOf = (difference: number): string | undefined => {
  const unit = UNITS.find(([length]) => Math.abs(difference) >= length);
  if (unit === undefined) return undefined;
  const [length, one, several] = unit;
  const count = Math.floor(Math.abs(difference) / length);
  return `${count} ${count === 1 ? one : several}`;
};

/** @param milliseconds e.g. 83_000 is `1 min 23 s` */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
