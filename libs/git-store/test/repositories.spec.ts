import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BranchNotFound,
  GitStore,
  InvalidName,
  InvalidPath,
  RepositoryExists,
  RepositoryNotFound,
  StoreClosed,
} from '../src/index';
import { BRANCH_LIST } from '../src/branch-list';
import { beforeSync, inputOutputError } from './disk-fixture';
import { createProject, fsck, identity, openStore, put, temporaryFolder } from './store-fixture';

describe('a new repository', () => {
  it('has the branches and commits of its steps', async () => {
    const store = await openStore();
    const repository = await store.createRepository('shop', {
      branches: [
        { branch: 'master', changes: [put('metadata.yaml', 'm')], message: 'Added metadata.yaml' },
        { branch: 'dev', from: 'master' },
        { branch: 'master', changes: [put('shipyard.yaml', 's')], message: 'Added shipyard' },
      ],
    });
    expect(store.repositories()).toEqual(['shop']);
    const pathsOf = async (branch: string): Promise<string[]> =>
      (await repository.list({ branch })).map(({ path }) => path);
    expect(await pathsOf('master')).toEqual(['metadata.yaml', 'shipyard.yaml']);
    expect(await pathsOf('dev')).toEqual(['metadata.yaml']);
    await fsck(repository);
  });

  it('is found again by the next process', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    const head = (await createProject(store)).head('dev');
    await store.close();
    expect((await openStore({ folder })).repository('project').head('dev')).toBe(head);
  });

  it('has its name when all of it is on the disk', async () => {
    const store = await openStore();
    const synced = new Set<string>();
    // Below the temporary folder, or its final one.
    beforeSync((path) => synced.add(relative(store.folder, path)));
    const { folder } = await createProject(store);
    const [built = ''] = [...synced].find((path) => !path.startsWith(basename(folder)))?.split('/') ?? [];
    const entries = await readdir(folder, { recursive: true });
    expect(entries.filter((path) => /^objects\/..\/./.test(path))).toHaveLength(3);
    expect(entries.filter((path) => !synced.has(join(built, path)))).toEqual([BRANCH_LIST]);
  });

  it('is not there at all when one of its steps is refused', async () => {
    const store = await openStore();
    const master = { branch: 'master', changes: [put('a', '1')], message: 'm' };
    const refused = [
      { branches: [master, { branch: 'dev', changes: [put('../a', '1')] }], error: InvalidPath },
      { branches: [master, { branch: 'dev', from: 'none' }], error: BranchNotFound },
      { branches: [master, { branch: 'a b' }], error: InvalidName },
      { branches: [], error: TypeError },
    ];
    for (const { branches, error } of refused) {
      await expect(store.createRepository('shop', { branches })).rejects.toThrow(error);
    }
    expect(store.repositories()).toEqual([]);
    expect((await readdir(store.folder)).filter((name) => !name.endsWith('.sock'))).toEqual([]);
  });

  it('is created once when several callers try at the same time', async () => {
    const store = await openStore();
    const create = (): Promise<unknown> => store.createRepository('shop', { branches: [{ branch: 'master' }] });
    const outcomes = await Promise.allSettled([create(), create(), create()]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(create()).rejects.toThrow(RepositoryExists);
  });

  it.each(['', '..', '../x', 'a/b', '.git', '-x'])('cannot be called %j', async (name) => {
    const store = await openStore();
    await expect(store.createRepository(name, { branches: [{ branch: 'master' }] })).rejects.toThrow(InvalidName);
  });

  it('is cloned by Git with the content that the store shows', async () => {
    const store = await openStore();
    const repository = await createProject(store);
    const changes = ['a/b', 'a/c', 'a-b', 'ä ö', 'empty'].map((path) => put(path, path === 'empty' ? '' : path));
    await repository.commit('dev', { changes, message: 'Added resources' });
    const clone = join(await temporaryFolder(), 'clone');
    execFileSync('git', ['clone', '-q', '-b', 'dev', repository.folder, clone]);
    const files = await repository.list({ branch: 'dev' });
    for (const { path } of files) {
      const { content } = await repository.readFile({ branch: 'dev', path });
      expect((await readFile(join(clone, path))).equals(content)).toBe(true);
    }
    const cloned = execFileSync('git', ['ls-files', '-z'], { cwd: clone }).toString().split('\0').filter(Boolean);
    expect(cloned.sort()).toEqual(files.map(({ path }) => path).sort());
  });
});

describe('a deleted repository', () => {
  it('is gone for its readers and writers, and its name is free', async () => {
    const store = await openStore();
    const repository = await createProject(store);
    const write = repository.commit('dev', { changes: [put('a', '1')], message: 'm' });
    await store.deleteRepository('project');
    expect((await write).changed).toBe(true);
    await expect(repository.readFile({ branch: 'dev', path: 'a' })).rejects.toThrow(RepositoryNotFound);
    await expect(repository.commit('dev', { changes: [], message: 'm' })).rejects.toThrow(RepositoryNotFound);
    await expect(store.deleteRepository('project')).rejects.toThrow(RepositoryNotFound);
    expect(() => store.repository('project')).toThrow(RepositoryNotFound);
    expect((await createProject(store)).branches()).toHaveLength(3);
  });

  it('does not come back', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    await createProject(store);
    await store.deleteRepository('project');
    await store.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

it('refuses writes after it was closed, and finishes the earlier ones', async () => {
  const store = await GitStore.open({ folder: await temporaryFolder(), identity });
  const repository = await createProject(store);
  const writes = Array.from({ length: 5 }, (_, index) =>
    repository.commit('dev', { changes: [put(`f${index}`, '1')], message: 'm' }),
  );
  await store.close();
  expect((await Promise.all(writes)).every(({ changed }) => changed)).toBe(true);
  await expect(repository.commit('dev', { changes: [put('late', '1')], message: 'm' })).rejects.toThrow(StoreClosed);
});

it('refuses a commit that waits for the journal to be recovered while the store is closed', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const repository = await createProject(store);
  await repository.commit('dev', { changes: [put('a', '1')], message: 'm' });
  let isLost = false;
  beforeSync((path) => {
    if (isLost || !path.endsWith('refs/heads/dev')) return;
    isLost = true;
    throw inputOutputError();
  });
  await expect(repository.maintain()).rejects.toThrow('EIO');
  const late = repository.commit('dev', { changes: [put('late', '1')], message: 'm' });
  await Promise.all([expect(late).rejects.toThrow(StoreClosed), store.close()]);
  const next = (await openStore({ folder })).repository('project');
  expect(await next.hasFile({ branch: 'dev', path: 'a' })).toBe(true);
  expect(await next.hasFile({ branch: 'dev', path: 'late' })).toBe(false);
});
