import { TooManyRequests } from '@keptn/service-kit';
import { LRUCache } from 'lru-cache';

export interface RequestQuotaOptions {
  /** Requests that a caller may make in a minute; as many may come at once. */
  readonly perMinute: number;
  /** Milliseconds, of a clock that never goes back. */
  readonly now?: () => number;
}

/** Headers of an answer that say what is left of a quota. */
export type QuotaHeaders = Readonly<Record<'RateLimit' | 'RateLimit-Policy', string>>;

const MINUTE_MS = 60_000;

/** Of more, those that have asked for nothing the longest have their whole quota again. */
const MAX_CALLERS = 10_000;

/** Times with fractions add up with errors far below this, in requests and in seconds. */
const ROUNDING = 1e-6;

/** Name of the policy, as a string of structured fields (RFC 9651). */
const POLICY = '"caller"';

/**
 * How many requests each named token and each person may make (generic cell rate algorithm: a caller's number is the time at which the
 * whole quota will be there again). Headers as in draft-ietf-httpapi-ratelimit-headers-11.
 */
export class RequestQuota {
  private readonly wholeAt = new LRUCache<string, number>({ max: MAX_CALLERS });
  private readonly intervalMs: number;
  private readonly policy: string;
  private readonly now: () => number;

  constructor({ perMinute, now = () => performance.now() }: RequestQuotaOptions) {
    this.intervalMs = MINUTE_MS / perMinute;
    this.policy = `${POLICY};q=${perMinute};w=${MINUTE_MS / 1_000}`;
    this.now = now;
  }

  /**
   * Counts a request.
   *
   * @returns what to tell the caller
   * @throws TooManyRequests when nothing is left; the request is then not counted
   */
  spend(callerId: string): QuotaHeaders {
    const now = this.now();
    const wholeAt = Math.max(this.wholeAt.get(callerId) ?? 0, now) + this.intervalMs;
    const left = (now + MINUTE_MS - wholeAt) / this.intervalMs;
    if (left < -ROUNDING) {
      const seconds = secondsIn(-left * this.intervalMs);
      throw new TooManyRequests('too many requests by this caller; try again later', seconds, this.headers(0, seconds));
    }
    this.wholeAt.set(callerId, wholeAt);
    return this.headers(Math.floor(left + ROUNDING), secondsIn(wholeAt - now));
  }

  /** @param seconds until there is more, or all of it again */
  private headers(remaining: number, seconds: number): QuotaHeaders {
    return { RateLimit: `${POLICY};r=${remaining};t=${seconds}`, 'RateLimit-Policy': this.policy };
  }
}

/** Whole ones, begun or not. */
const secondsIn = (ms: number): number => Math.ceil(ms / 1_000 - ROUNDING);
