/**
 * A small real service, which is deployed: node carts.mjs STAGE VERSION PORT. A version with "slow" in its name is slow. DELETE ends it.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const SLOWNESS_MS = 1_500;

const [stage, version = '', port] = process.argv.slice(2);

const server = createServer((request, response) => {
  void answer(request.method, response);
});
server.listen(Number(port), '127.0.0.1');

/** @param {string | undefined} method @param {import('node:http').ServerResponse} response */
async function answer(method, response) {
  if (method === 'DELETE') {
    server.close();
    response.setHeader('connection', 'close');
  } else if (version.includes('slow')) {
    await delay(SLOWNESS_MS);
  }
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ service: 'carts', stage, version })}\n`);
}
