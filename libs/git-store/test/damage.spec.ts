import { chmod, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitStore, RepositoryDamaged, type Repository } from '../src/index';
import { createProject, git, openStore, put, temporaryFolder } from './store-fixture';

const message = 'Changed resources';

/** Closes a store with one repository, damages that, and opens the store again. */
async function reopened(
  damage: (repository: Repository) => Promise<void>,
  prepare: (repository: Repository) => Promise<unknown> = nothing,
): Promise<GitStore> {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const repository = await createProject(store);
  await repository.commit('dev', { changes: [put('a', 'in dev')], message });
  await store.close();
  await prepare(repository);
  await damage(repository);
  return await openStore({ folder });
}

/** Git makes its files read-only. */
async function rewrite(file: string, damage: (file: string) => Promise<void>): Promise<void> {
  await chmod(file, 0o644);
  await damage(file);
}

/** Turns the table of offsets in an index of version 2 around: each object gets the content of another one. */
async function swapOffsets(file: string): Promise<void> {
  await chmod(file, 0o644);
  const bytes = await readFile(file);
  const count = bytes.readUInt32BE(8 + 255 * 4);
  const start = 8 + 256 * 4 + count * 24;
  const offsets = Array.from({ length: count }, (_, index) => bytes.readUInt32BE(start + index * 4)).reverse();
  for (const [index, offset] of offsets.entries()) bytes.writeUInt32BE(offset, start + index * 4);
  await writeFile(file, bytes);
}

async function renamePacked(folder: string, from: string, to: string): Promise<void> {
  const file = join(folder, 'packed-refs');
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
}

const nothing = (): Promise<unknown> => Promise.resolve();
const packReferences = (repository: Repository) => git(repository, 'pack-refs', '--all');
const packObjects = (repository: Repository) => git(repository, 'repack', '-a', '-d', '-q');

describe('a damaged branch', () => {
  it.each([
    ['empty', ''],
    ['garbage', 'garbage\n'],
    ['cut off', 'd670460b4b4aece5915caf5c68d12f560a9f'],
    ['zeros of a lost block', '\0'.repeat(41)],
    ['the id of a commit that is gone', `${'1'.repeat(40)}\n`],
    ['the id of nothing', `${'0'.repeat(40)}\n`],
  ])('(%s) exists, and is neither read nor made again', async (_kind, content) => {
    const store = await reopened(({ folder }) => writeFile(join(folder, 'refs/heads/dev'), content));
    const repository = store.repository('project');
    expect(repository.branches()).toEqual(['dev', 'master', 'prod']);
    await expect(repository.readFile({ branch: 'dev', path: 'a' })).rejects.toThrow(RepositoryDamaged);
    await expect(repository.commit('dev', { changes: [put('b', '1')], message })).rejects.toThrow(RepositoryDamaged);
    await expect(repository.createBranch('dev', { from: 'master' })).rejects.toThrow();
    await expect(repository.createBranch('next', { from: 'dev' })).rejects.toThrow(RepositoryDamaged);
  });

  it('is named with what to do, and leaves the other branches alone', async () => {
    const store = await reopened(({ folder }) => writeFile(join(folder, 'refs/heads/dev'), ''));
    const repository = store.repository('project');
    expect(() => repository.head('dev')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/refs\/heads\/dev is missing or unreadable; write the id/),
        location: join(repository.folder, 'refs/heads/dev'),
      }),
    );
    expect((await repository.commit('prod', { changes: [put('b', '1')], message })).changed).toBe(true);
  });

  it.each<[string, string, string]>([
    ['another name', 'dev', 'dex'],
    ['another namespace', 'heads/dev', 'headz/dev'],
  ])('is missed when packed-refs gives it %s', async (_what, from, to) => {
    const store = await reopened(({ folder }) => renamePacked(folder, from, to), packReferences);
    const repository = store.repository('project');
    expect(repository.branches()).toContain('dev');
    expect(() => repository.head('dev')).toThrow(/refs\/heads\/dev is missing .* delete keptn-branches/);
    await expect(repository.createBranch('dev', { from: 'master' })).rejects.toThrow();
    expect(repository.head('prod')).toBe(repository.head('master'));
  });

  it('is gone when somebody has removed it, also once references are packed', async () => {
    const store = await reopened((repository) => git(repository, 'branch', '-D', 'dev').then(() => undefined));
    expect(store.repository('project').branches()).toEqual(['master', 'prod']);
    const { folder } = store.repository('project');
    await store.close();
    await packReferences(store.repository('project'));
    const later = await openStore({ folder: dirname(folder) });
    expect(later.repository('project').branches()).toEqual(['master', 'prod']);
  });

  it('is gone when somebody has removed it with git, whatever else was packed', async () => {
    const store = await reopened(
      (repository) => git(repository, 'branch', '-D', 'dev').then(() => undefined),
      async (repository) => {
        await git(repository, 'branch', 'qa', 'dev');
        await git(repository, 'pack-refs', '--all');
      },
    );
    expect(store.repository('project').branches()).toEqual(['master', 'prod', 'qa']);
  });

  it('is not missed when it was removed, or when the list of branches is damaged as well', async () => {
    const folder = await temporaryFolder();
    const store = await openStore({ folder });
    const repository = await createProject(store);
    await repository.deleteBranch('dev');
    await store.close();
    const later = await openStore({ folder });
    expect(later.repository('project').branches()).toEqual(['master', 'prod']);
    await later.close();
    await writeFile(join(repository.folder, 'keptn-branches'), 'damaged\ndev\nprod\n');
    expect((await openStore({ folder })).repository('project').branches()).toEqual(['master', 'prod']);
  });

  it('keeps what only it refers to from being packed away', async () => {
    const store = await reopened(({ folder }) => writeFile(join(folder, 'refs/heads/dev'), ''));
    await expect(store.repository('project').maintain()).rejects.toThrow(RepositoryDamaged);
  });

  it('lets the journal go all the same', async () => {
    const store = await reopened(({ folder }) => writeFile(join(folder, 'refs/heads/dev'), ''));
    const repository = store.repository('project');
    await repository.commit('prod', { changes: [put('b', '1')], message });
    await expect(repository.maintain()).rejects.toThrow(RepositoryDamaged);
    expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
    expect(await git(repository, 'show', 'prod:b')).toBe('1');
  });

  it('is whole again when its file is', async () => {
    const folder = await temporaryFolder();
    const store = await openStore({ folder });
    const repository = await createProject(store);
    const head = repository.head('dev');
    const file = join(repository.folder, 'refs/heads/dev');
    await store.close();
    await writeFile(file, '');
    await (await openStore({ folder })).close();
    await writeFile(file, `${head}\n`);
    expect((await openStore({ folder })).repository('project').head('dev')).toBe(head);
  });
});

describe('a damaged repository', () => {
  it.each<[string, (folder: string) => Promise<void>, (repository: Repository) => Promise<unknown>]>([
    ['HEAD is gone', (folder) => unlink(join(folder, 'HEAD')), nothing],
    ['HEAD is empty', (folder) => truncate(join(folder, 'HEAD')), nothing],
    ['the default branch is gone', (folder) => unlink(join(folder, 'refs/heads/master')), nothing],
    ['all references are gone', (folder) => rm(join(folder, 'refs'), { recursive: true }), nothing],
    ['packed-refs is empty', (folder) => truncate(join(folder, 'packed-refs')), packReferences],
    ['packed-refs is cut off', (folder) => truncate(join(folder, 'packed-refs'), 100), packReferences],
    ['packed-refs is garbage', (folder) => writeFile(join(folder, 'packed-refs'), 'x'), packReferences],
    ['its journal is garbage', (folder) => writeFile(join(folder, 'keptn-pending-commit.json'), '['), nothing],
  ])('exists, but cannot be used, when %s', async (_kind, damage, prepare) => {
    const store = await reopened(({ folder }) => damage(folder), prepare);
    expect(store.repositories()).toEqual(['project']);
    expect(() => store.repository('project')).toThrow(RepositoryDamaged);
    await expect(createProject(store)).rejects.toThrow('exists already');
  });

  it.each<[string, string, (file: string) => Promise<void>]>([
    ['a pack is empty', '.pack', (file) => truncate(file)],
    ['a pack is cut off', '.pack', (file) => truncate(file, 100)],
    ['a pack is garbage', '.pack', (file) => writeFile(file, Buffer.alloc(900, 'x'))],
    ['a pack is gone', '.pack', (file) => unlink(file)],
    ['an index is empty', '.idx', (file) => truncate(file)],
    ['an index is cut off', '.idx', (file) => truncate(file, 1_100)],
  ])('says so when %s', async (_kind, ending, damage) => {
    const store = await reopened(async ({ folder }) => {
      const pack = join(folder, 'objects', 'pack');
      for (const name of await readdir(pack)) if (name.endsWith(ending)) await rewrite(join(pack, name), damage);
    }, packObjects);
    const read = store.repository('project').readFile({ branch: 'dev', path: 'a' });
    await expect(read).rejects.toThrow(RepositoryDamaged);
    await expect(read).rejects.not.toThrow(store.folder);
  });

  it('never gives the content of another object, whatever an index says', async () => {
    const store = await reopened(async ({ folder }) => {
      const pack = join(folder, 'objects', 'pack');
      for (const name of await readdir(pack)) if (name.endsWith('.idx')) await swapOffsets(join(pack, name));
    }, packObjects);
    await expect(store.repository('project').readFile({ branch: 'dev', path: 'a' })).rejects.toThrow(RepositoryDamaged);
  });
});
