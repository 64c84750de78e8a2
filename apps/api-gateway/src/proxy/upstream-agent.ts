import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Socket } from 'node:net';

/** Milliseconds for a connection to a service, which is near. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Connections to one service that are kept open while nobody needs them. */
const MAX_IDLE_CONNECTIONS = 256;

/** Nothing moved on the connection for the time that the service has. */
export class UpstreamTimeout extends Error {
  constructor(readonly duringConnect: boolean) {
    super('the upstream did not answer in time');
    this.name = 'UpstreamTimeout';
  }
}

/**
 * Connections to one service, kept alive. Time-outs belong to the connection and not to each request: setting them up per
 * request costs more than anything else that the gateway does.
 *
 * @param timeoutMs how long nothing may move while an answer is awaited
 */
export function createUpstreamAgent(url: URL, timeoutMs: number): HttpAgent {
  const options = { keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS, timeout: timeoutMs };
  const agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent) as (...parameters: unknown[]) => Socket;
  const reuse = agent.reuseSocket.bind(agent);
  return Object.assign(agent, {
    // All connections of this agent lead to the same place.
    getName: () => url.host,
    createConnection: (...parameters: unknown[]) => {
      const socket = connect(...parameters);
      socket.setTimeout(CONNECT_TIMEOUT_MS);
      socket.once('connect', () => socket.setTimeout(timeoutMs));
      socket.on('timeout', () => socket.destroy(new UpstreamTimeout(socket.connecting)));
      return socket;
    },
    reuseSocket: (socket: Socket, request: ClientRequest) => {
      reuse(socket, request);
      socket.setTimeout(timeoutMs);
    },
  });
}

/** When one idle connection turns out to be dead, its service was restarted, and the others are dead as well. */
export function dropIdleConnections(agent: HttpAgent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) {
    socket?.destroy();
  }
}
