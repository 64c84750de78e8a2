import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';

const WORKSPACE = join(import.meta.dirname, '../..');

const archives = (
  await Promise.all(
    ['apps', 'deploy', 'docs', 'libs', 'tools'].map(async (folder) =>
      (await readdir(join(WORKSPACE, folder), { recursive: true })).map((path) => join(folder, path)),
    ),
  )
)
  .flat()
  .filter((path) => path.endsWith('.tgz'));

async function namesIn(archive: string): Promise<string[]> {
  const names: string[] = [];
  const reader = extract();
  reader.end(gunzipSync(await readFile(join(WORKSPACE, archive))));
  for await (const entry of reader) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

describe('the chart archives of this repository', () => {
  it('are found', () => {
    expect(archives).toContain('tools/first-delivery/examples/carts.tgz');
  });

  // Helm 3.1.2 finds no Chart.yaml behind "./".
  it.each(archives)('%s: every path begins with the one folder of the chart', async (archive) => {
    const names = await namesIn(archive);
    const folder = names[0]?.split('/')[0] ?? '';
    expect(names).toContain(`${folder}/Chart.yaml`);
    expect(names.filter((name) => !name.startsWith(`${folder}/`) || name.split('/').includes('.'))).toEqual([]);
  });
});
