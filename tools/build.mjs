/**
 * Bundles one project of the workspace into dist/<project root>, to be started with plain `node`.
 *
 *   node tools/build.mjs apps/api-service
 *
 * The workspace's own libraries are bundled in; npm packages stay outside and are found in node_modules.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

/** What the transformer brings along is bundled; it is no package of the workspace. */
const HELPERS = '@oxc-project/runtime';

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
  return {
    input: {
      input: entry,
      platform: 'node',
      tsconfig: 'tsconfig.json',
      external: (id, _importer, isResolved) => !isResolved && isNpmPackage(id),
    },
    output: {
      dir: join('dist', projectRoot),
      format: 'esm',
      sourcemap: true,
      cleanDir: true,
      entryFileNames: '[name].js',
    },
  };
}

/** @param {string} projectRoot */
async function build(projectRoot) {
  const { input, output } = bundleOf(projectRoot);
  const bundle = await rolldown(input);
  await bundle.write(output);
  await bundle.close();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const projectRoot = process.argv[2];
  if (projectRoot === undefined || !existsSync(join(projectRoot, 'project.json'))) {
    console.error('usage: node tools/build.mjs <project root>, e.g. node tools/build.mjs apps/api-service');
    process.exit(2);
  }
  await build(projectRoot);
}
