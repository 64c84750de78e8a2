import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const WORKSPACE = join(import.meta.dirname, '../../..');
const PACKAGE = join(WORKSPACE, 'dist/apps/cli');

/** Names of the npm packages whose modules are in the one file, from its source map. */
async function bundledPackages(): Promise<string[]> {
  const input = join(WORKSPACE, 'apps/cli/src/main.ts');
  const bundle = await rolldown({ input, platform: 'node', tsconfig: join(WORKSPACE, 'tsconfig.json') });
  const { output: files } = await bundle.generate({ sourcemap: true });
  await bundle.close();
  const sources = files.flatMap((file) => (file.type === 'chunk' ? (file.map?.sources ?? []) : []));
  const names = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
  return [...new Set(names)];
}

it('the package of the keptn command comes with the license of every package in its one file', async () => {
  const packages = await bundledPackages();
  expect(packages).toEqual(expect.arrayContaining(['commander', 'yaml', 'tar-stream', 'diff']));

  const licenses = await readFile(join(PACKAGE, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of packages) {
    const manifest = await readFile(join(WORKSPACE, 'node_modules', name, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const section = licenses.split('-'.repeat(80)).find((each) => each.trim().startsWith(`${name} ${version} (`));
    expect(section, `${name} ${version}`).toMatch(/copyright/i);
  }
});
