import { type ChannelTicket } from '@keptn/auth';
import { describeDatabaseError } from '@keptn/mongodb-connection';
import { LOGGER, RepeatedTask, Unauthenticated } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type WebSocket } from 'ws';
import { TokenStore } from '../token/token.store';

/** How often it is looked whether tokens are still there, in milliseconds. */
const INTERVAL_MS = 1_000;

/** How long a client has to answer a closing handshake, in milliseconds. */
const CLOSING_MS = 500;

/** Close code of RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1008;

/** Ends websockets when their ticket expires, or soon after the token that it was given for was deleted. */
@Injectable()
export class OpenTickets implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly byToken = new Map<string, Set<WebSocket>>();
  private readonly looking = new RepeatedTask(() => this.look());

  constructor(
    private readonly tokens: TokenStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looking.stop();
  }

  /** @throws Unauthenticated when the token is gone, ServiceUnavailable when nobody can say */
  async require({ tokenId }: ChannelTicket): Promise<void> {
    if (tokenId === undefined) return;
    const existing = await this.tokens.existing([tokenId]).catch((error: unknown) => {
      throw describeDatabaseError(error);
    });
    if (!existing.has(tokenId)) throw new Unauthenticated('the token of this ticket was deleted');
  }

  watch(connection: WebSocket, { exp, tokenId }: ChannelTicket): void {
    const expiry = setTimeout(
      () => {
        end(connection, 'the ticket has expired');
      },
      exp * 1_000 - Date.now(),
    );
    connection.once('close', () => {
      clearTimeout(expiry);
    });
    if (tokenId === undefined) return;
    const open = this.byToken.get(tokenId) ?? new Set();
    this.byToken.set(tokenId, open.add(connection));
    this.looking.wake();
    connection.once('close', () => {
      open.delete(connection);
      if (open.size === 0) this.byToken.delete(tokenId);
    });
  }

  private async look(): Promise<number | undefined> {
    const ids = [...this.byToken.keys()];
    if (ids.length === 0) return undefined;
    try {
      const existing = await this.tokens.existing(ids);
      for (const id of ids.filter((each) => !existing.has(each))) {
        for (const connection of this.byToken.get(id) ?? []) end(connection, 'the token was deleted');
      }
    } catch (error) {
      this.logger.debug({ err: error }, 'whether tokens of websockets count is looked up later');
    }
    return INTERVAL_MS;
  }
}

function end(connection: WebSocket, reason: string): void {
  connection.close(POLICY_VIOLATION, reason);
  setTimeout(() => {
    connection.terminate();
  }, CLOSING_MS).unref();
}
