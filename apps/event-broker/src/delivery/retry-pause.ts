/** How pauses between attempts grow. */
export interface RetryPauses {
  /** The first pause, in milliseconds; each further one is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Pauses become shorter by up to this part, so that many that failed at once do not come back at once. */
const JITTER = 0.5;

/** Beyond this many doublings every pause is the longest one. */
const MOST_DOUBLINGS = 30;

/**
 * The pause after a failed attempt, in milliseconds.
 *
 * @param attempts that have failed, at least 1
 * @param random from 0 to 1
 */
export function retryPauseMs({ firstMs, longestMs }: RetryPauses, attempts: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, MOST_DOUBLINGS));
  return Math.round(full * (1 - JITTER * random));
}
