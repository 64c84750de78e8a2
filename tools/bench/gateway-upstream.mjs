/** Stands behind the gateways: answers every request with one body, and the token check from the headers alone. Prints its URL. */
import { createServer } from 'node:http';
import process from 'node:process';

/** About 1 KB of JSON, as a project with a few stages is. */
const BODY = JSON.stringify({
  projects: Array.from({ length: 20 }, (_, index) => ({ projectName: `project-${index}`, stages: 3 })),
});

const server = createServer((request, response) => {
  if (request.url === '/v1/auth') {
    response.writeHead(request.headers['x-token'] === process.argv[2] ? 200 : 401).end();
    return;
  }
  request.resume();
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) }).end(BODY);
});
server.keepAliveTimeout = 72_000;
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`);
});
