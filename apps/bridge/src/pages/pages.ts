import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance } from 'fastify';

export interface PagesOptions {
  /** Holds `index.html` and `assets`. */
  readonly folder: string;
  /** PREFIX_PATH */
  readonly prefix: string;
}

/** As the build writes it; files and links of the page are relative to it. */
const BASE = '<base href="/bridge/" />';

const A_YEAR_SECONDS = 31_536_000;

/**
 * The single-page app. Files under `assets` carry a hash of their content in their names and are compressed at build time; every other
 * path is the page, which knows what it stands for.
 *
 * @throws Error when the pages have not been built
 */
export function servePages(server: FastifyInstance, { folder, prefix }: PagesOptions): void {
  const page = readPage(folder).replace(BASE, `<base href="${prefix}/bridge/" />`);
  const entityTag = `"${hash('sha256', page, 'base64url')}"`;
  void server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: A_YEAR_SECONDS * 1000,
    index: false,
  });
  server.get('/third-party-licenses.txt', (_request, reply) =>
    reply.sendFile('third-party-licenses.txt', folder, { maxAge: 0, immutable: false }),
  );
  server.get('/*', (request, reply) => {
    void reply.header('Cache-Control', 'no-cache').header('ETag', entityTag);
    if (request.headers['if-none-match'] === entityTag) return reply.code(304).send();
    return reply.type('text/html; charset=utf-8').send(page);
  });
}

const readPage = (folder: string): string => {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch (cause) {
    throw new Error(`${folder} (WEB_FOLDER) holds no pages: build them with \`npx nx build bridge\``, { cause });
  }
};
