import { useSyncExternalStore } from 'react';

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

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'long' });

const short = new Intl.DateTimeFormat('en', {
  ...{ month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', MINUTE_MS],
];

/** How long ago something was, and exactly when it was under the pointer. */
export function Time({ at }: { readonly at: string }) {
  useSyncExternalStore(watchClock, () => now);
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} title={absolute.format(date)}>
      {ago(date.getTime() - Date.now())}
    </time>
  );
}

/** When something was, in a few letters, where several times are compared. */
export function ShortTime({ at }: { readonly at: string }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>{at}</span>;
  return (
    <time dateTime={at} title={absolute.format(date)}>
      {short.format(date)}
    </time>
  );
}

const ago = (difference: number): string => {
  const unit = UNITS.find(([, length]) => Math.abs(difference) >= length);
  return unit === undefined ? 'just now' : relative.format(Math.trunc(difference / unit[1]), unit[0]);
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
