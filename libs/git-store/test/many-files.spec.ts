import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProject, fsck, git, openStore, put } from './store-fixture';

it('stores a commit of many files in few files', async () => {
  const repository = await createProject(await openStore({ cacheBytes: 0 }));
  const sizes = [0, 1, 15, 16, 17, 2047, 2048, 2049, 40_000, 300_000];
  const changes = Array.from({ length: 600 }, (_, index) =>
    put(`service-${index % 30}/${index}`, `${index} `.padEnd(sizes[index % sizes.length] ?? 0, 'x')),
  );
  await repository.commit('dev', { changes, message: 'Added resources' });
  for (const change of changes.slice(0, 20)) {
    if (!('content' in change)) continue;
    expect((await repository.readFile({ branch: 'dev', path: change.path })).content.equals(change.content)).toBe(true);
  }
  const packs = await readdir(join(repository.folder, 'objects', 'pack'));
  expect(packs.map((name) => name.replace(/.*\./, '')).sort()).toEqual(expect.arrayContaining(['idx', 'pack']));
  expect(await repository.list({ branch: 'dev' })).toHaveLength(601);
  await fsck(repository);
});

it('stores files once that a commit on several branches has in common', async () => {
  const repository = await createProject(await openStore());
  const changes = Array.from({ length: 120 }, (_, index) => put(`chart/${index}`, `${index}`));
  await repository.commitBranches(['dev', 'prod'].map((branch) => ({ branch, changes, message: branch })));
  const packs = join(repository.folder, 'objects', 'pack');
  const indexes = (await readdir(packs)).filter((name) => name.endsWith('.idx'));
  expect(indexes).toHaveLength(1);
  for (const index of indexes) await git(repository, 'verify-pack', join(packs, index));
  await expect.poll(async () => (await readdir(packs)).filter((name) => name.endsWith('.keep'))).toEqual([]);
});
