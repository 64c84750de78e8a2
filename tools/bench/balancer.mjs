import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * A service in front of replicas, as a cluster has it: each request goes to the next one.
 *
 * @param {readonly number[]} ports of the replicas on this machine
 * @param {number} [port] to listen on; a free one when absent
 */
export async function startBalancer(ports, port = 0) {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const target = { host: '127.0.0.1', port: ports[turn++ % ports.length], path: incoming.url };
    const relayed = request({ ...target, method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    relayed.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(503);
      outgoing.end();
    });
    incoming.pipe(relayed);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
