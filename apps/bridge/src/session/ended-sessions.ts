import { LRUCache } from 'lru-cache';

/** More people do not sign out of one replica in the lifetime of a session. */
const MAX_SESSIONS = 100_000;

/** Sessions that somebody has signed out of before they were over: a copy of their cookie is worth nothing. */
export class EndedSessions {
  private readonly ids: LRUCache<string, true>;

  /** @param lifetimeMs how long a session could have lasted, in milliseconds */
  constructor(lifetimeMs: number) {
    this.ids = new LRUCache({ max: MAX_SESSIONS, ttl: lifetimeMs });
  }

  add(id: string): void {
    this.ids.set(id, true);
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }
}
