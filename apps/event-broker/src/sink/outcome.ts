/** Who receives: a service of the control plane, or anybody else. */
export type ReceiverKind = 'control-plane' | 'outside';

/** What an attempt came to. */
export type Outcome =
  /** The receiver has it. */
  | 'accepted'
  /** The receiver will never want this event. */
  | 'refused'
  /** To be tried again. */
  | 'failed'
  /** The receiver wants no event any more. */
  | 'gone';

const GONE = 410;

/** 4xx answers that speak of the circumstances of a request: a token that is being changed, a limit, a time out. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

/**
 * Further ones that, from outside, speak of an address or an account that somebody has to correct: until then nothing may be
 * lost. A service of the control plane says with them that it does not know what the event is about.
 */
const CORRECTABLE: ReadonlySet<number> = new Set([402, 404, 405, 407, 421, 423, 424, 426, 428, 451]);

/** @param status of the answer */
export function outcomeOf(status: number, receiver: ReceiverKind): Outcome {
  if (status >= 200 && status < 300) return 'accepted';
  if (status < 400 || status >= 500 || PASSING.has(status)) return 'failed';
  if (receiver === 'control-plane') return 'refused';
  if (status === GONE) return 'gone';
  return CORRECTABLE.has(status) ? 'failed' : 'refused';
}

/** A receiver that asks for a longer pause is asked again after this, in milliseconds. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * The pause that an answer asks for (RFC 9110 section 10.2.3), in milliseconds.
 *
 * @param header `Retry-After`: seconds or a date
 * @param now in milliseconds since 1970
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
