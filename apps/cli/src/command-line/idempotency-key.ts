import { UsageFailure } from '../failures/failure';
import { type FlagSpec } from './command';

/** @param counts what a repeat is not, such as "a new event" */
export const idempotencyKeyFlag = (counts: string) =>
  ({
    value: 'key',
    summary: `Text of your choice; a repeat with the same key within 24 hours is not ${counts}`,
  }) as const satisfies FlagSpec;

/** @throws UsageFailure when it cannot be sent in a header */
export function assertIdempotencyKey(key: string | undefined): void {
  if (key !== undefined && !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new UsageFailure('--idempotency-key must have 1 to 255 characters of ASCII');
  }
}
