/**
 * The baseline of the benchmarks: resources over HTTP as well as a checkout can. A work tree for each stage stays checked
 * out, so a read is a read of a file, and a write is one git process; writers to a project take turns, as they have to
 * with one repository. Nothing is fetched, and nothing waits for the disk but what Git itself waits for.
 *
 *   PORT=8081 node tools/bench/checkout-server.mjs FOLDER_WITH_A_WORK_TREE_FOR_EACH_STAGE
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

const folder = process.argv[2] ?? '';
const run = promisify(execFile);
const ROUTE = /^\/v1\/project\/[^/]+\/stage\/([^/]+)\/resource\/(.+)$/;

/** @type {Map<string, Promise<string>>} the commit of each stage */
const versions = new Map();

/** @param {string} stage @param {string[]} args */
const git = async (stage, ...args) => (await run('git', args, { cwd: join(folder, stage) })).stdout.trim();

/** @param {string} stage */
const versionOf = (stage) => {
  const version = versions.get(stage) ?? git(stage, 'rev-parse', 'HEAD');
  versions.set(stage, version);
  return version;
};

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
  const content = await readFile(join(folder, stage, path));
  const version = await versionOf(stage);
  return { resourceURI: path, resourceContent: content.toString('base64'), metadata: { branch: stage, version } };
};

/** @param {string} stage @param {string} path of a file that Git knows @param {string} content base64 */
const write = async (stage, path, content) => {
  const file = join(folder, stage, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(content, 'base64'));
  await git(stage, 'commit', '--quiet', '--message', `Updated resource: ${path}`, '--', path);
  versions.delete(stage);
  return { version: await versionOf(stage) };
};

/** @param {import('node:http').IncomingMessage} request @returns {Promise<[status: number, body: object]>} */
const answer = async (request) => {
  const [, stage = '', path = ''] = ROUTE.exec(request.url ?? '') ?? [];
  if (stage === '') {
    return [200, { status: 'ready' }];
  }
  if (request.method === 'GET') {
    return [200, await read(stage, path)];
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
