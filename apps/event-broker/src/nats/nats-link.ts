import { setTimeout as delay } from 'node:timers/promises';
import { LOGGER, Metrics, SETTINGS } from '@keptn/service-kit';
import { type NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Logger } from 'pino';
import { Gauge } from 'prom-client';
import { type Settings } from '../settings';
import { type KeptnStream, openKeptnStream } from './keptn-stream';
import { type NatsAddress, shownAddress } from './nats-address';

/** Pause between two attempts to connect, in milliseconds. */
const RECONNECT_MS = 1_000;

/** Of a connection attempt, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** A server that does not answer two of these is gone; in milliseconds. */
const PING_INTERVAL_MS = 10_000;

/** A connection to NATS, from its beginning to its end. */
export interface NatsSession {
  readonly connection: NatsConnection;
  /** Undefined where there is no JetStream. */
  readonly stream: KeptnStream | undefined;
  /** When publishing may begin, by `performance.now()`: a clock that is set changes no pause. */
  readonly publishFrom: number;
  /** Aborts when the connection has ended: unlike its `closed()`, it lets go of those who no longer wait for that. */
  readonly end: AbortSignal;
}

/**
 * Keeps a connection to NATS, if NATS_URL is set. Each one begins from scratch: nothing that is meant for one server is kept in
 * memory for the next.
 */
@Injectable()
export class NatsLink implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly listeners: ((session: NatsSession) => void)[] = [];
  private readonly isConnected: Gauge;
  private running: Promise<void> = Promise.resolve();
  private current: NatsSession | undefined;
  private hasFailed = false;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    { registry }: Metrics,
  ) {
    this.isConnected = new Gauge({
      name: 'broker_nats_connected',
      help: 'Whether event-broker is connected to NATS',
      registers: [registry],
    });
  }

  /** Undefined while there is no connection. */
  get session(): NatsSession | undefined {
    return this.current;
  }

  /** Calls `listener` with every connection that is made. */
  onSession(listener: (session: NatsSession) => void): void {
    this.listeners.push(listener);
  }

  /** Ends a session whose server no longer does what it did at the beginning. */
  async reset({ connection }: NatsSession): Promise<void> {
    await connection.close();
  }

  onApplicationBootstrap(): void {
    const { NATS_URL: address } = this.settings;
    if (address !== undefined) this.running = this.run(address);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.current?.connection.close();
    await this.running;
  }

  private async run(address: NatsAddress): Promise<void> {
    while (!this.isOver()) {
      try {
        await this.serve(address);
      } catch (error) {
        this.report(error, address);
      }
      this.hasFailed = true;
      await delay(RECONNECT_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async serve(address: NatsAddress): Promise<void> {
    const connection = await dial(address);
    try {
      await this.serveConnection(connection, address);
    } finally {
      await connection.close();
    }
  }

  /** Resolves when the connection has ended. */
  private async serveConnection(connection: NatsConnection, address: NatsAddress): Promise<void> {
    const stream = await this.openStream(connection);
    if (this.isOver()) return;
    // Other clients come back some seconds after the server; what is published before reaches none of them.
    const publishFrom = this.hasFailed ? performance.now() + this.settings.NATS_RECONNECT_PAUSE_MS : 0;
    const end = new AbortController();
    const session: NatsSession = { connection, stream, publishFrom, end: end.signal };
    this.current = session;
    this.isConnected.set(1);
    this.logger.info({ nats: shownAddress(address), jetStream: stream !== undefined }, 'connected to NATS');
    for (const listener of this.listeners) listener(session);
    const cause = await connection.closed();
    this.current = undefined;
    end.abort();
    this.isConnected.set(0);
    if (!this.isOver()) this.logger.warn({ err: cause }, 'the connection to NATS has ended');
  }

  /** A stream that cannot be made is no reason to publish nothing. */
  private async openStream(connection: NatsConnection): Promise<KeptnStream | undefined> {
    try {
      return await openKeptnStream(connection);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'JetStreamApiError') throw error;
      this.logger.warn({ err: error }, 'NATS refuses the stream keptn; events are published without it');
      return undefined;
    }
  }

  private isOver(): boolean {
    return this.stopping.signal.aborted;
  }

  private report(error: unknown, address: NatsAddress): void {
    const level = this.hasFailed || this.isOver() ? 'debug' : 'warn';
    this.logger[level](
      { err: error, nats: shownAddress(address) },
      'NATS cannot be reached; events are published when it is there',
    );
  }
}

async function dial({ servers, isSecure, user, password, token }: NatsAddress): Promise<NatsConnection> {
  const { connect } = await import('@nats-io/transport-node');
  return connect({
    servers: [...servers],
    name: 'keptn event-broker',
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    reconnect: false,
    noEcho: true,
    ...(isSecure && { tls: {} }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
  });
}
