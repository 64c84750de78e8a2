import { mkdir, readdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ReferenceLocked, type Repository, RepositoryDamaged, StorageFull } from '../src/index';
import { beforeSync } from './disk-fixture';
import { createProject, fsck, git, openStore, put } from './store-fixture';

const message = 'Changed resources';

it('completes a commit on several branches that was decided before the file system failed', async () => {
  const repository = await createProject(await openStore());
  const prod = join(repository.folder, 'refs', 'heads', 'prod');
  await rename(prod, `${prod}.aside`);
  await mkdir(prod);
  const request = { changes: [put('both', '1')], message };
  const branches = ['dev', 'prod'].map((branch) => ({ branch, ...request }));
  await expect(repository.commitBranches(branches)).rejects.toThrow('EISDIR');
  await rmdir(prod);
  await rename(`${prod}.aside`, prod);
  await repository.commit('dev', { changes: [put('next', '1')], message });
  for (const branch of ['dev', 'prod']) expect(await repository.hasFile({ branch, path: 'both' })).toBe(true);
  expect((await git(repository, 'rev-list', '--count', 'dev', '^master')).trim()).toBe('2');
  await fsck(repository);
});

it('does not pack away a commit that was decided and is not finished', async () => {
  const repository = await createProject(await openStore());
  const prod = join(repository.folder, 'refs', 'heads', 'prod');
  await rename(prod, `${prod}.aside`);
  await mkdir(prod);
  const branches = ['dev', 'prod'].map((branch) => ({ branch, changes: [put('both', '1')], message }));
  await expect(repository.commitBranches(branches)).rejects.toThrow('EISDIR');
  await rmdir(prod);
  await rename(`${prod}.aside`, prod);
  await repository.maintain();
  await repository.commit('dev', { changes: [put('next', '1')], message });
  for (const branch of ['dev', 'prod']) expect(await repository.hasFile({ branch, path: 'both' })).toBe(true);
  await fsck(repository);
});

it('waits for a branch that another program has locked', async () => {
  const repository = await createProject(await openStore());
  const lock = join(repository.folder, 'refs', 'heads', 'dev.lock');
  await writeFile(lock, '');
  const commit = repository.commit('dev', { changes: [put('a', '1')], message });
  await repository.commit('prod', { changes: [put('a', '1')], message });
  await unlink(lock);
  expect((await commit).changed).toBe(true);
});

it('says which lock is in the way when it stays', async () => {
  const repository = await createProject(await openStore());
  const lock = join(repository.folder, 'refs', 'heads', 'dev.lock');
  await writeFile(lock, '');
  const before = repository.head('dev');
  await expect(repository.commit('dev', { changes: [put('a', '1')], message })).rejects.toThrow(ReferenceLocked);
  expect(repository.head('dev')).toBe(before);
});

/** What `git pack-refs --all` does once it has the lock of packed-refs. */
async function packReferences({ folder }: Repository): Promise<void> {
  const packed = await git({ folder }, 'for-each-ref', '--format=%(objectname) %(refname)');
  await writeFile(join(folder, 'packed-refs.lock'), `# pack-refs with: peeled fully-peeled sorted \n${packed}`);
  await rename(join(folder, 'packed-refs.lock'), join(folder, 'packed-refs'));
  for (const branch of await readdir(join(folder, 'refs/heads'))) await unlink(join(folder, 'refs/heads', branch));
}

it('deletes a branch alone when another program packs all of them at the same time', async () => {
  const repository = await createProject(await openStore());
  const lock = join(repository.folder, 'packed-refs.lock');
  await writeFile(lock, '');
  const deletion = repository.deleteBranch('dev');
  await packReferences(repository);
  await deletion;
  expect(await git(repository, 'for-each-ref', '--format=%(refname:short)')).toBe('master\nprod\n');
});

it('says which lock is in the way of deleting a branch', async () => {
  const repository = await createProject(await openStore());
  await writeFile(join(repository.folder, 'packed-refs.lock'), '');
  await expect(repository.deleteBranch('dev')).rejects.toThrow(/packed-refs\.lock is held by another program/);
  expect(repository.hasBranch('dev')).toBe(true);
});

it('leaves no lock behind when the disk is full', async () => {
  const repository = await createProject(await openStore());
  await git(repository, 'pack-refs', '--all');
  let isFull = true;
  beforeSync((path) => {
    if (isFull && /packed-refs/.test(path)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  });
  await expect(repository.deleteBranch('dev')).rejects.toThrow(StorageFull);
  isFull = false;
  await repository.deleteBranch('dev');
  expect((await readdir(repository.folder)).filter((name) => /lock|tmp/.test(name))).toEqual([]);
  expect(await git(repository, 'for-each-ref', '--format=%(refname:short)')).toBe('master\nprod\n');
});

it('names an object that is damaged or missing', async () => {
  const repository = await createProject(await openStore({ cacheBytes: 0 }));
  const { commit } = await repository.commit('dev', { changes: [put('a', 'content')], message });
  const blob = (await git(repository, 'rev-parse', `${commit}:a`)).trim();
  const file = join(repository.folder, 'objects', blob.slice(0, 2), blob.slice(2));
  await unlink(file);
  const read = (): Promise<unknown> => repository.readFile({ branch: 'dev', path: 'a' });
  await expect(read()).rejects.toThrow(RepositoryDamaged);
  await writeFile(file, 'cut off');
  await expect(read()).rejects.toThrow(/unreadable/);
});
