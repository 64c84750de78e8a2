/**
 * Stands behind the gateways: answers every request with one body, and the token check from the headers alone, with the signed identity of
 * whoever shows the token. Prints its URL.
 */
import { createServer } from 'node:http';
import process from 'node:process';

/** About 1 KB of JSON, as a project with a few stages is. */
const BODY = JSON.stringify({
  projects: Array.from({ length: 20 }, (_, index) => ({ projectName: `project-${index}`, stages: 3 })),
});

const [, , callers = '{}', port = '0'] = process.argv;

/** Identities by token, as api-service signs them. @type {Map<unknown, string>} */
const identities = new Map(Object.entries(JSON.parse(callers)));

const server = createServer((request, response) => {
  if (request.url === '/v1/auth') {
    const identity = identities.get(request.headers['x-token']);
    response.writeHead(identity === undefined ? 401 : 200, { 'x-keptn-identity': identity ?? '' }).end();
    return;
  }
  request.resume();
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) }).end(BODY);
});
server.keepAliveTimeout = 72_000;
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`);
});
