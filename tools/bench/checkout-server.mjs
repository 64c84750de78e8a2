/**
 * The baseline of the benchmarks: resources over HTTP the way that Keptn 0.7.3 served them. One work tree for the project,
 * one request at a time; a read checks its branch out and reads the file, a write checks out, writes, adds and commits.
 * It starts as many git processes as a request needs at the least, fewer than the original did.
 *
 *   PORT=8081 node tools/bench/checkout-server.mjs FOLDER_OF_THE_WORK_TREE
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

const workTree = process.argv[2] ?? '';
const run = promisify(execFile);
const ROUTE = /^\/v1\/project\/[^/]+\/stage\/([^/]+)\/resource\/(.+)$/;

/** @param {string[]} args */
const git = async (...args) => (await run('git', args, { cwd: workTree })).stdout.trim();

/** @type {Promise<unknown>} */
let lock = Promise.resolve();

/** Waits for all requests that came before. @template Result @param {() => Promise<Result>} work @returns {Promise<Result>} */
const withLock = (work) => {
  const result = lock.then(work);
  lock = result.catch(() => undefined);
  return result;
};

/** @param {string} stage @param {string} path */
const read = async (stage, path) => {
  await git('checkout', stage);
  const content = await readFile(join(workTree, path));
  const version = await git('rev-parse', 'HEAD');
  return { resourceURI: path, resourceContent: content.toString('base64'), metadata: { branch: stage, version } };
};

/** @param {string} stage @param {string} path @param {string} content base64 */
const write = async (stage, path, content) => {
  await git('checkout', stage);
  const file = join(workTree, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(content, 'base64'));
  await git('add', '.');
  await git('commit', '-m', `Updated resource: ${path}`);
  return { version: await git('rev-parse', 'HEAD') };
};

/** @param {import('node:http').IncomingMessage} request @returns {Promise<[status: number, body: object]>} */
const answer = async (request) => {
  const [, stage = '', path = ''] = ROUTE.exec(request.url ?? '') ?? [];
  if (stage === '') {
    return [200, { status: 'ready' }];
  }
  if (request.method === 'GET') {
    return [200, await withLock(() => read(stage, path))];
  }
  const { resourceContent } = /** @type {{ resourceContent: string }} */ (await json(request));
  return [201, await withLock(() => write(stage, path, resourceContent))];
};

const server = createServer((request, response) => {
  answer(request)
    .catch((error) => /** @type {const} */ ([500, { message: String(error) }]))
    .then(([status, body]) => {
      const text = JSON.stringify(body);
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
      response.end(text);
    });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
// Ends with the benchmark that started it.
process.on('disconnect', () => process.exit());
