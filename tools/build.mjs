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
import { rolldown } from 'rolldown';

const projectRoot = process.argv[2];
if (projectRoot === undefined || !existsSync(join(projectRoot, 'project.json'))) {
  console.error('usage: node tools/build.mjs <project root>, e.g. node tools/build.mjs apps/api-service');
  process.exit(2);
}

const entry = ['main.ts', 'index.ts'].map((file) => join(projectRoot, 'src', file)).find((file) => existsSync(file));
if (entry === undefined) {
  console.error(`${projectRoot}/src holds neither main.ts nor index.ts, so there is nothing to build`);
  process.exit(1);
}

const isNpmPackage = (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('@keptn/');

const bundle = await rolldown({
  input: entry,
  platform: 'node',
  tsconfig: 'tsconfig.json',
  external: (id, _importer, isResolved) => !isResolved && isNpmPackage(id) && !id.endsWith('.ts'),
  transform: { decorator: { legacy: true, emitDecoratorMetadata: true } },
});
await bundle.write({
  dir: join('dist', projectRoot),
  format: 'esm',
  sourcemap: true,
  cleanDir: true,
  entryFileNames: '[name].js',
});
await bundle.close();
