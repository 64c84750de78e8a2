/** Bundles the pages of a service, its folder `web`, for browsers: hashed files, compressed once here instead of at every request. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

/** What a browser loads before it shows anything, at most; JavaScript, in bytes with gzip. */
const INITIAL_LIMIT = 200_000;

/** Smaller files gain nothing. */
const WORTH_COMPRESSING = 1_000;

/** @typedef {import('vite').Rolldown.OutputChunk} Chunk */

/**
 * @param {string} projectRoot e.g. apps/bridge; nothing happens when it has no pages
 * @param {string} folder of the service's bundle; the pages go into its folder `web`
 * @throws {Error} when a browser would have to load too much at the start
 */
export async function buildPages(projectRoot, folder) {
  const root = join(projectRoot, 'web');
  if (!existsSync(root)) return;
  const outDir = join(process.cwd(), folder, 'web');
  const result = await build({
    root,
    configFile: join(root, 'vite.config.mjs'),
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        onLog: (level, log, report) => {
          // Packages mark what does not run on a server; nothing here does.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  });
  const chunks = outputOf(result).filter((file) => file.type === 'chunk');
  const moduleIds = chunks.flatMap((chunk) => chunk.moduleIds);
  refuseSchemas(moduleIds);
  requireSmallStart(chunks);
  const licenses = thirdPartyLicenses(moduleIds);
  writeFileSync(join(outDir, 'third-party-licenses.txt'), licenses);
  compress(join(outDir, 'assets'));
}

/** @param {Awaited<ReturnType<typeof build>>} result */
const outputOf = (result) => [result].flat().flatMap((each) => ('output' in each ? each.output : []));

/**
 * Pages take types from the contracts, with `import type`; any other import loads every schema.
 *
 * @param {readonly string[]} moduleIds
 */
function refuseSchemas(moduleIds) {
  if (moduleIds.some((id) => id.includes('/node_modules/zod/'))) {
    throw new Error('a page imports schemas: write `import type { … } from "@keptn/api-models"`');
  }
}

/** @param {readonly Chunk[]} chunks */
function requireSmallStart(chunks) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const initial = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of initial) {
    for (const name of imports) {
      const chunk = byName.get(name);
      if (chunk !== undefined) initial.add(chunk);
    }
  }
  const bytes = [...initial].reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  if (bytes > INITIAL_LIMIT) {
    throw new Error(`a browser would load ${bytes} bytes of JavaScript at the start, more than ${INITIAL_LIMIT}`);
  }
}

/** @param {string} folder */
function compress(folder) {
  for (const file of readdirSync(folder)) {
    const content = readFileSync(join(folder, file));
    if (content.length < WORTH_COMPRESSING) continue;
    writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content));
  }
}
