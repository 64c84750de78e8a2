import { UsageFailure } from '../failures/failure';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * @param text such as `30s`, `10m` or `1h`
 * @returns seconds
 * @throws UsageFailure
 */
export function secondsOf(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageFailure(`"${text}" is no duration`, 'Write it like 30s, 10m or 1h.');
  }
  return Number(number) * (UNIT_SECONDS[unit] ?? 1);
}
