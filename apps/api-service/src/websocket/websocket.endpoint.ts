import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server } from 'node:http';
import { type Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChannelTicket, ChannelTickets, InvalidTicket } from '@keptn/auth';
import {
  answerOnConnection,
  asksForWebSocket,
  BadRequest,
  LOGGER,
  Readiness,
  ServiceError,
  ServiceUnavailable,
  serveWithoutUpgrade,
  Unauthenticated,
} from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { Channels } from './channels';
import { CHANNEL_HEADER, OBSERVER_HEADER, RELAY_HEADER, TICKET_HEADER } from './channel-headers';
import { OpenTickets } from './open-tickets';
import { ReaderConnection } from './reader-connection';
import { ReplicaRelay } from './replica-relay';
import { connectWriter } from './writer-connection';

/** Clients append `/websocket` to whatever endpoint they were given. */
const PATH = /^\/+websocket\/*$/;

/** Longest message of a writer, in bytes. */
const MAX_FRAME_BYTES = 64 * 1024;

/** Most connections of this process; each holds a socket and at most its backlog. */
const MAX_CONNECTIONS = 2_000;

/** How long clients have to answer a closing handshake before they are cut off, in milliseconds. */
const CLOSING_MS = 500;

/** Close code of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;

/** What a client may do: read or write one channel. */
interface Admission {
  readonly ticket: ChannelTicket;
  readonly role: 'observer' | 'reader' | 'relay' | 'writer';
}

/**
 * The websocket of contract 3.10: with a ticket (`Token`) and the channel's id a client reads the messages of a Keptn context;
 * with a ticket alone it writes them. A ticket opens the channel of its own context and no other.
 */
@Injectable()
export class WebsocketEndpoint implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly tickets: ChannelTickets,
    private readonly openTickets: OpenTickets,
    private readonly channels: Channels,
    private readonly relay: ReplicaRelay,
    private readonly readiness: Readiness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.adapterHost.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request, socket, head) => {
      if (asksForWebSocket(request) && PATH.test(request.url?.split('?', 1)[0] ?? '')) {
        void this.accept(request, socket, head);
      } else {
        serveWithoutUpgrade(http, request, socket, head);
      }
    });
  }

  /** A connection that stays open would keep the HTTP server from closing. */
  async beforeApplicationShutdown(): Promise<void> {
    const open = [...this.server.clients];
    const closed = Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    open.forEach((socket) => {
      socket.close(GOING_AWAY, 'the service is stopping');
    });
    await Promise.race([closed, delay(CLOSING_MS, undefined, { ref: false })]);
    open.forEach((socket) => {
      socket.terminate();
    });
  }

  private async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const drop = (): void => {
      socket.destroy();
    };
    socket.on('error', drop);
    try {
      const admission = this.admit(request);
      await this.openTickets.require(admission.ticket);
      socket.off('error', drop);
      this.server.handleUpgrade(request, socket, head, (connection) => {
        this.connect(connection, admission, request);
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        this.logger.error({ err: error }, 'websocket failed');
      }
      const { status, message } = error instanceof ServiceError ? error : new ServiceUnavailable('internal error');
      answerOnConnection(socket, status, message);
    }
  }

  private admit({ headers }: IncomingMessage): Admission {
    if (this.readiness.isShuttingDown || this.server.clients.size >= MAX_CONNECTIONS) {
      throw new ServiceUnavailable('no more websocket connections at the moment; try again');
    }
    const ticket = this.ticketOf(headers[TICKET_HEADER]);
    const channel = headers[CHANNEL_HEADER];
    if (channel === undefined) {
      return { ticket, role: 'writer' };
    }
    if (channel !== ticket.keptnContext) {
      throw new Unauthenticated('the ticket is for another Keptn context');
    }
    const { [RELAY_HEADER]: relay, [OBSERVER_HEADER]: observer } = headers;
    if ([relay, observer].includes(this.relay.id)) {
      throw new BadRequest('this is the replica that is asking');
    }
    if (observer !== undefined) return { ticket, role: 'observer' };
    return { ticket, role: relay === undefined ? 'reader' : 'relay' };
  }

  private ticketOf(ticket: string | string[] | undefined): ChannelTicket {
    if (typeof ticket !== 'string' || ticket === '') {
      throw new Unauthenticated(`a ticket is required: send the token of the eventContext as ${TICKET_HEADER}`);
    }
    try {
      return this.tickets.verify(ticket);
    } catch (error) {
      throw error instanceof InvalidTicket ? new Unauthenticated(error.message) : error;
    }
  }

  private connect(connection: WebSocket, { ticket, role }: Admission, request: IncomingMessage): void {
    const { keptnContext } = ticket;
    this.openTickets.watch(connection, ticket);
    const line = { requestId: request.headers['x-request-id'] ?? randomUUID(), shkeptncontext: keptnContext, role };
    this.logger.info(line, 'websocket opened');
    connection.on('error', (error) => {
      this.logger.debug({ ...line, err: error }, 'websocket broke off');
    });
    connection.once('close', (code) => {
      this.logger.info({ ...line, code }, 'websocket closed');
    });
    if (role === 'writer') {
      connectWriter(connection, keptnContext, this.channels);
      return;
    }
    const reader = new ReaderConnection(connection);
    if (role === 'observer') {
      connection.once('close', this.channels.observe(keptnContext, reader));
      return;
    }
    connection.once('close', this.channels.open(keptnContext, reader));
    if (role === 'reader') {
      connection.once('close', this.relay.follow(keptnContext, reader));
    }
  }
}
