import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf } from './chart';
import { base64, type Method, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('target', ['dev'], ['carts']);
  await service.project('bystander', ['dev'], ['carts']);
});
afterAll(() => service.stop());

/** Sends a path as it is, where `fetch` would take `..` out of it. */
async function statusOf(verb: Method, url: string, text?: string): Promise<number> {
  const headers = { 'x-token': service.token, ...(text !== undefined && { 'content-type': 'application/json' }) };
  const { port } = new URL(service.url);
  const sent = request({ host: '127.0.0.1', port, method: verb, path: url, headers, agent: false });
  sent.end(text);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

/** Everything in the data folder but the repository that is written to. */
async function surroundings(): Promise<string> {
  const hash = createHash('sha1');
  const entries = await readdir(service.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(service.repository('target')))
    .sort();
  for (const file of files) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** Segments that mean something to a file system, a shell, Git, a URL or MongoDB. */
const segment = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '.git',
    '.GIT',
    'git~1',
    '.git.',
    '.git ',
    '.g\u200cit',
    '.gitmodules',
    '.gitattributes',
    '...',
    '~',
    '-f',
    '--upload-pack=x',
    'HEAD',
    'HEAD~1',
    '@{u}',
    'refs',
    'a.lock',
    'con',
    'nul',
    'a:b',
    'a\\b',
    '%2e%2e',
    '%2F',
    '$where',
    '$',
    'a.b',
    '__proto__',
    'constructor',
    '\0',
    '\n',
    'ä',
    '\ud800',
    '💥',
    'x'.repeat(256),
    'metadata.yaml',
    'helm',
    'c.tgz',
    '.tgz',
    '*',
    '?',
    '#',
    ';',
    '|',
    '`id`',
    '$(id)',
    'master',
    'dev',
    'carts',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));

/** As a client would send it: encoded whole, by segments, or hardly. */
const inUrl = fc
  .tuple(
    path,
    fc.constantFrom<(text: string) => string>(encodeURIComponent, encodeURI, (text) =>
      text.split('/').map(encodeURIComponent).join('/'),
    ),
  )
  .map(([text, encode]) => encode(Buffer.from(text).toString()));

const method = fc.constantFrom<Method>('GET', 'POST', 'PUT', 'DELETE');
const content = fc.oneof(
  fc.string().map((text) => base64(text)),
  fc.string(),
  fc.constant(null),
  fc.integer(),
);
const body = fc.oneof(
  fc.record({ resources: fc.array(fc.record({ resourceURI: path, resourceContent: content }), { maxLength: 4 }) }),
  fc.record({ resourceURI: path, resourceContent: content }),
  fc.record({ projectName: path }),
  fc.record({ stageName: path }),
  fc.record({ serviceName: path }),
  fc.jsonValue(),
);

const route = fc.oneof(
  inUrl.map((uri) => `/v1/project/target/resource/${uri}`),
  inUrl.map((uri) => `/v1/project/target/stage/dev/resource/${uri}`),
  inUrl.map((uri) => `/v1/project/target/stage/dev/service/carts/resource/${uri}`),
  inUrl.map((uri) => `/v1/project/target/service/carts/resource/${uri}`),
  inUrl.map((name) => `/v1/project/target/stage/${name}/resource`),
  inUrl.map((name) => `/v1/project/target/stage/dev/service/${name}`),
  inUrl.map((name) => `/v1/project/target/stage/dev/service/carts/approval/${name}`),
  fc
    .tuple(inUrl, inUrl)
    .map(([name, key]) => `/v1/project/target/stage/dev/resource?pageSize=${name}&nextPageKey=${key}`),
  fc.constantFrom(
    '/v1/project/target/resource',
    '/v1/project/target/stage',
    '/v1/project/target/stage/dev/resource',
    '/v1/project/target/service',
    '/v1/project/target/service/carts/resource',
    '/v1/project/target/stage/dev/service/carts/resource',
    '/v1/event',
  ),
);

describe('hostile input', () => {
  it('never fails the service, and reaches nothing outside of the repository of its project', async () => {
    const before = await surroundings();
    await fc.assert(
      fc.asyncProperty(method, route, body, async (verb, url, value) => {
        const sent = verb === 'GET' || verb === 'DELETE' ? undefined : JSON.stringify(value);
        expect(await statusOf(verb, url, sent)).toBeLessThan(500);
      }),
      { numRuns: 600 },
    );
    expect(await surroundings()).toBe(before);
  }, 180_000);

  it('in names of projects touches no other project', async () => {
    const before = await surroundings();
    await fc.assert(
      fc.asyncProperty(inUrl, fc.constantFrom<Method>('GET', 'DELETE'), async (name, verb) => {
        fc.pre(!/^(?:target|bystander)\/*$/.test(name));
        const status = await statusOf(verb, `/v1/project/${name}`);
        // What is left of a name when its slashes and query are taken away may be the list of projects.
        expect(verb === 'GET' ? [200, 400, 404, 414] : [400, 404, 405, 414]).toContain(status);
      }),
      { numRuns: 200 },
    );
    expect(await surroundings()).toBe(before);
  });

  it('in chart archives stays in the folder of the chart, or is refused', async () => {
    // The other requests may have deleted the service with the name that it is called by.
    await service.post('/v1/project/target/service', { serviceName: 'charted' });
    const before = await surroundings();
    const entry = fc.record({
      name: fc.tuple(fc.constantFrom('c/', './c/', '', '/', '../'), path).map(([top, rest]) => top + rest),
      type: fc.constantFrom('file', 'file', 'file', 'directory', 'symlink', 'link', 'fifo'),
      linkname: fc.constantFrom('../../../etc/passwd', 'c/x'),
      content: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 4 }), async (entries) => {
        const archive = await archiveOf(entries.filter(({ name }) => name !== '' && !name.includes('\0')));
        const url = '/v1/project/target/stage/dev/service/charted/resource/helm/hostile.tgz';
        const { status } = await service.put(url, { resourceContent: base64(archive) });
        expect([201, 400]).toContain(status);
      }),
      { numRuns: 150 },
    );
    expect(await surroundings()).toBe(before);
    const { body: listed } = await service.get('/v1/project/target/stage/dev/service/charted');
    expect(listed).toMatchObject({ serviceName: 'charted' });
  });
});
