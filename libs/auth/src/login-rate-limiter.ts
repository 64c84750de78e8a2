import { TooManyRequests } from '@keptn/service-kit';

export interface LoginRateLimiterOptions {
  /** Wrong tokens that a client may try in a minute; as many may come at once. */
  readonly perMinute: number;
  /** Clients that are counted at the same time; further ones share one count. */
  readonly maxClients?: number;
  /** Milliseconds, of a clock that never goes back. */
  readonly now?: () => number;
}

/** A guess whose turn comes within this time waits for it; a client with the right token is then let in without trying again. */
const MAX_WAIT_MS = 2_000;

const MINUTE_MS = 60_000;

const DEFAULT_MAX_CLIENTS = 10_000;

const OTHERS = 'others';

/**
 * Slows the guessing of tokens, for each client address on its own (generic cell rate algorithm: a client's number is the time
 * at which its count would be empty again). Memory is bounded: counts that are empty are forgotten.
 */
export class LoginRateLimiter {
  private readonly emptyAt = new Map<string, number>();
  private readonly intervalMs: number;
  private readonly maxClients: number;
  private readonly now: () => number;

  constructor({ perMinute, maxClients = DEFAULT_MAX_CLIENTS, now = () => performance.now() }: LoginRateLimiterOptions) {
    this.intervalMs = MINUTE_MS / perMinute;
    this.maxClients = maxClients;
    this.now = now;
  }

  /**
   * Counts a guess before it is known whether it is right.
   *
   * @param client address
   * @returns milliseconds that the guess has to wait
   * @throws TooManyRequests when that is too long; the guess is then not counted
   */
  count(client: string): number {
    const key = this.keyOf(client);
    const now = this.now();
    const emptyAt = Math.max(this.emptyAt.get(key) ?? 0, now) + this.intervalMs;
    // In whole milliseconds: times with fractions do not add up exactly.
    const waitMs = Math.max(0, Math.floor(emptyAt - now - MINUTE_MS));
    if (waitMs > MAX_WAIT_MS) {
      const seconds = Math.ceil((waitMs - MAX_WAIT_MS) / 1000);
      throw new TooManyRequests('too many wrong tokens from this address; try again later', seconds);
    }
    this.emptyAt.set(key, emptyAt);
    return waitMs;
  }

  /** It was no guess: the token is right, or could not be checked. */
  takeBack(client: string): void {
    const key = this.emptyAt.has(keyOfNetwork(client)) ? keyOfNetwork(client) : OTHERS;
    const emptyAt = this.emptyAt.get(key);
    if (emptyAt !== undefined) {
      this.emptyAt.set(key, emptyAt - this.intervalMs);
    }
  }

  private keyOf(client: string): string {
    const key = keyOfNetwork(client);
    if (this.emptyAt.has(key) || this.emptyAt.size < this.maxClients) {
      return key;
    }
    this.forgetEmpty();
    return this.emptyAt.size < this.maxClients ? key : OTHERS;
  }

  private forgetEmpty(): void {
    const now = this.now();
    for (const [key, emptyAt] of this.emptyAt) {
      if (emptyAt <= now) {
        this.emptyAt.delete(key);
      }
    }
  }
}

/** One holder has a whole /64 of IPv6 addresses. */
const keyOfNetwork = (address: string): string => (address.includes(':') ? networkOf(address) : address);

const networkOf = (address: string): string => {
  const [start = '', end] = address.split('::');
  const groups = start === '' ? [] : start.split(':');
  const missing = end === undefined ? 0 : 8 - groups.length - (end === '' ? 0 : end.split(':').length);
  const whole = [...groups, ...Array.from({ length: missing }, () => '0'), ...(end ?? '').split(':')];
  return whole
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
};
