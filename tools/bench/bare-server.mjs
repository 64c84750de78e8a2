/**
 * The floor of the benchmarks: what the same requests cost where nothing is done for them. A read is answered with a
 * constant; a write's bytes are added to a file and synced.
 *
 *   PORT=8081 node tools/bench/bare-server.mjs FILE
 */
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';

const ANSWER = JSON.stringify({ resourceURI: 'constant', resourceContent: Buffer.alloc(2_000).toString('base64') });
const file = await open(process.argv[2] ?? '', 'a');

/** @param {import('node:http').IncomingMessage} request */
const answer = async (request) => {
  if (request.method === 'GET') return ANSWER;
  await file.write(await buffer(request));
  await file.datasync();
  return '{}';
};

createServer((request, response) => {
  void answer(request).then((text) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
// Ends with the benchmark that started it.
process.on('disconnect', () => process.exit());
