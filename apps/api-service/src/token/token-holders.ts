import { Caller } from '@keptn/api-models';
import { describeDatabaseError } from '@keptn/mongodb-connection';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { hashOfToken, isTokenText } from './token-text';
import { type TokenRecord } from './token.schema';
import { TokenStore } from './token.store';

/** How exactly the last use of a token is known, in milliseconds: a write an hour costs nothing. */
const USE_INTERVAL_MS = 3_600_000;

/** Finds out who shows a token. Asked for each token about once a second by each replica of the gateway, and always of the database. */
@Injectable()
export class TokenHolders {
  constructor(
    private readonly store: TokenStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @returns undefined for a token that is wrong, deleted, replaced or expired
   * @throws ServiceUnavailable when the database cannot be asked
   */
  async holderOf(text: string): Promise<Caller | undefined> {
    if (!isTokenText(text)) return undefined;
    const hash = hashOfToken(text);
    const record = await this.store.withHash(hash).catch((error: unknown) => {
      throw describeDatabaseError(error);
    });
    const now = new Date();
    const end = record === null ? undefined : endOf(record, hash);
    if (record === null || end === undefined || end <= now.getTime()) return undefined;
    this.noteUse(record, now);
    const { _id, name, scopes, projects } = record;
    return new Caller({
      ...{ kind: 'token', name, id: _id, grants: [{ scopes, projects: projects ?? 'all' }] },
      ...(end !== NEVER && { expiresAt: Math.floor(end / 1_000) }),
    });
  }

  private noteUse({ _id, lastUsedAt, name }: TokenRecord, now: Date): void {
    if (lastUsedAt !== undefined && now.getTime() - lastUsedAt.getTime() < USE_INTERVAL_MS) return;
    const hour = new Date(now.getTime() - (now.getTime() % USE_INTERVAL_MS));
    this.store.noteUse(_id, hour).catch((error: unknown) => {
      this.logger.debug({ err: error, token: name }, 'the last use of a token is noted later');
    });
  }
}

const NEVER = Infinity;

/** @returns when the token ends, in milliseconds since 1970; undefined when the hash is none of its own */
function endOf({ expiresAt, secrets }: TokenRecord, hash: string): number | undefined {
  const secret = secrets.find((each) => each.hash === hash);
  if (secret === undefined) return undefined;
  return Math.min(expiresAt?.getTime() ?? NEVER, secret.validUntil?.getTime() ?? NEVER);
}
