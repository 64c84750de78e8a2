/**
 * Bundles one project of the workspace into dist/<project root>, to be started with plain `node`.
 *
 *   node tools/build.mjs apps/api-service
 *
 * The workspace's own libraries are bundled in; npm packages stay outside and are found in node_modules. A project with a
 * package.json is published: everything goes into one executable file, and what npm needs beside it.
 */
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { thirdPartyLicenses } from './third-party-licenses.mjs';
import { buildPages } from './web-bundle.mjs';

/** What the transformer brings along is bundled; it is no package of the workspace. */
const HELPERS = '@oxc-project/runtime';

const EXECUTABLE = 0o755;

const isNpmPackage = (/** @type {string} */ id) =>
  /^[@a-z]/.test(id) && !id.startsWith('@keptn/') && !id.startsWith(HELPERS) && !id.endsWith('.ts');

/**
 * @param {string} projectRoot e.g. apps/api-service
 * @returns {{ input: import('rolldown').InputOptions, output: import('rolldown').OutputOptions }}
 */
export function bundleOf(projectRoot) {
  const entry = ['main.ts', 'index.ts'].map((file) => join(projectRoot, 'src', file)).find((file) => existsSync(file));
  if (entry === undefined) {
    throw new Error(`${projectRoot}/src holds neither main.ts nor index.ts, so there is nothing to build`);
  }
  return isPublished(projectRoot) ? standalone(projectRoot, entry) : service(projectRoot, entry);
}

const isPublished = (/** @type {string} */ projectRoot) => existsSync(join(projectRoot, 'package.json'));

/**
 * A bundle that finds npm packages in node_modules.
 *
 * @param {string} projectRoot
 * @param {string} entry
 */
const service = (projectRoot, entry) => ({
  input: {
    input: entry,
    platform: /** @type {const} */ ('node'),
    tsconfig: 'tsconfig.json',
    external: (/** @type {string} */ id, /** @type {unknown} */ _importer, /** @type {boolean} */ isResolved) =>
      !isResolved && isNpmPackage(id),
  },
  output: {
    dir: join('dist', projectRoot),
    format: /** @type {const} */ ('esm'),
    sourcemap: true,
    cleanDir: true,
    entryFileNames: '[name].js',
  },
});

/**
 * One executable file that needs nothing but Node: what its package.json names as `bin`.
 *
 * @param {string} projectRoot
 * @param {string} entry
 */
const standalone = (projectRoot, entry) => ({
  input: { input: entry, platform: /** @type {const} */ ('node'), tsconfig: 'tsconfig.json' },
  output: {
    dir: join('dist', projectRoot),
    format: /** @type {const} */ ('esm'),
    banner: '#!/usr/bin/env node',
    codeSplitting: false,
    cleanDir: true,
    entryFileNames: Object.values(manifestOf(projectRoot).bin)[0] ?? '[name].js',
  },
});

/** @param {string} projectRoot @returns {{ bin: Record<string, string> }} */
const manifestOf = (projectRoot) => JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

/**
 * Puts beside the bundle what `npm pack` needs.
 *
 * @param {string} projectRoot
 * @param {readonly string[]} moduleIds what the bundle is made of
 */
function completePackage(projectRoot, moduleIds) {
  const folder = join('dist', projectRoot);
  for (const file of ['package.json', 'README.md']) {
    copyFileSync(join(projectRoot, file), join(folder, file));
  }
  copyFileSync('LICENSE', join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(moduleIds));
  for (const file of Object.values(manifestOf(projectRoot).bin)) {
    chmodSync(join(folder, file), EXECUTABLE);
  }
}

/** @param {string} projectRoot */
async function build(projectRoot) {
  const { input, output } = bundleOf(projectRoot);
  const bundle = await rolldown(input);
  const written = await bundle.write(output);
  await bundle.close();
  await buildPages(projectRoot, join('dist', projectRoot));
  if (isPublished(projectRoot)) {
    const moduleIds = written.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    completePackage(projectRoot, moduleIds);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const projectRoot = process.argv[2];
  if (projectRoot === undefined || !existsSync(join(projectRoot, 'project.json'))) {
    console.error('usage: node tools/build.mjs <project root>, e.g. node tools/build.mjs apps/api-service');
    process.exit(2);
  }
  await build(projectRoot);
}
