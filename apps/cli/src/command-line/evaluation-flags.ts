import { UsageFailure } from '../failures/failure';
import { type FlagSpec } from './command';
import { idempotencyKeyFlag } from './idempotency-key';

/** What is evaluated, for every command that starts an evaluation. */
export const evaluationFlags = {
  timeframe: { value: 'minutes', summary: 'Length of the time to evaluate, e.g. 5m' },
  start: { value: 'time', summary: 'Its start, e.g. 2026-01-31T11:59:59' },
  end: { value: 'time', summary: 'Its end; not together with --timeframe' },
  labels: {
    short: 'l',
    value: 'key=value',
    many: true,
    summary: 'Labels, separated by commas or given several times',
  },
  idempotencyKey: idempotencyKeyFlag('a new evaluation'),
} as const satisfies Record<string, FlagSpec>;

/** @throws UsageFailure */
export function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts
      .flatMap((text) => text.split(','))
      .map((label): [string, string] => {
        const [, key, value] = /^([^=]+)=(.*)$/.exec(label) ?? [];
        if (key === undefined || value === undefined) {
          throw new UsageFailure(`"${label}" is no label`, 'Labels look like build=1.2.3.');
        }
        return [key, value];
      }),
  );
}
