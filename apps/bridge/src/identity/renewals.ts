import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type IdentityRights } from './identity-rights';
import { SignInFailed } from './sign-in.errors';
import { SignInService } from './sign-in.service';

/** A token that ends within this time is renewed before it is used, in milliseconds. */
const EARLY_MS = 30_000;

/** Sessions whose renewal is remembered; of more, those not used the longest are renewed from their cookie. */
const REMEMBERED = 10_000;

/**
 * Renews the tokens of sessions. A provider takes a refresh token once, and a page makes several requests with one cookie: they share one
 * renewal, and those that come late with the cookie from before get what came of it.
 */
@Injectable()
export class Renewals {
  private readonly latest = new LRUCache<string, Promise<IdentityRights>>({ max: REMEMBERED });

  constructor(private readonly signIn: SignInService) {}

  /**
   * @param id of the session
   * @param rights as its cookie has them
   * @throws SignInFailed when the provider renews nothing any more
   */
  latestOf(id: string, rights: IdentityRights): Promise<IdentityRights> {
    if (!this.latest.has(id) && isFresh(rights)) return Promise.resolve(rights);
    const before = this.latest.get(id) ?? Promise.resolve(rights);
    const next = before
      .then((known) => (known.tokenUntil > rights.tokenUntil ? known : rights))
      .then((known) => (isFresh(known) ? known : this.renew(id, known)));
    this.latest.set(id, next);
    return next;
  }

  private async renew(id: string, known: IdentityRights): Promise<IdentityRights> {
    try {
      return await this.signIn.renew(known);
    } catch (error) {
      const isOver = error instanceof SignInFailed && error.failure !== 'unavailable';
      // The browser may have older ones, and the provider takes none twice.
      if (isOver) this.latest.delete(id);
      else this.latest.set(id, Promise.resolve(known));
      throw error;
    }
  }
}

const isFresh = ({ tokenUntil }: IdentityRights): boolean => tokenUntil - Date.now() > EARLY_MS;
