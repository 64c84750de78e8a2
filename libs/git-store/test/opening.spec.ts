import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi, onTestFinished } from 'vitest';
import { nameObject } from '../src/git-object';
import { FolderInUse, FolderUnusable, GitStore, GitUnusable, RepositoryDamaged } from '../src/index';
import { createProject, fsck, git, identity, openStore, put, temporaryFolder } from './store-fixture';

describe('the folder of a store', () => {
  it('is created for its owner only', async () => {
    const folder = join(await temporaryFolder(), 'deep', 'down');
    await openStore({ folder });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('belongs to one store at a time', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    await expect(GitStore.open({ folder, identity })).rejects.toThrow(FolderInUse);
    await store.close();
    await openStore({ folder });
  });

  it('goes to at most one of several stores that start together', async () => {
    const folder = await temporaryFolder();
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => GitStore.open({ folder, identity })));
    const stores = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    expect(stores.length).toBeLessThanOrEqual(1);
  });

  it('may have a long name', async () => {
    const folder = join(await temporaryFolder(), 'x'.repeat(120));
    await openStore({ folder });
    await expect(GitStore.open({ folder, identity })).rejects.toThrow(FolderInUse);
  });

  it('must be a folder', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(GitStore.open({ folder: file, identity })).rejects.toThrow(FolderUnusable);
  });
});

it('needs Git', async () => {
  const folder = await temporaryFolder();
  const path = process.env['PATH'];
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('PATH', join(folder, 'nothing'));
  await expect(GitStore.open({ folder, identity })).rejects.toThrow(GitUnusable);
  const oldGit = join(folder, 'git');
  await writeFile(oldGit, '#!/bin/sh\necho git version 2.17.1\n');
  await chmod(oldGit, 0o755);
  vi.stubEnv('PATH', `${folder}:${path ?? ''}`);
  await expect(GitStore.open({ folder: join(folder, 'store'), identity })).rejects.toThrow('2.32 or newer');
});

describe('what a killed process left', () => {
  it('is swept: locks, temporary files, half of a repository', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    const repository = await createProject(store);
    await store.close();
    const leftovers = [
      'refs/heads/dev.lock',
      'refs/remotes/upstream/feature/x.lock',
      'packed-refs.lock',
      'HEAD.lock',
      'objects/tmp_obj_1',
      'objects/pack/tmp_pack_x',
      'tmp_packed-refs',
    ];
    await mkdir(join(repository.folder, 'refs/remotes/upstream/feature'), { recursive: true });
    for (const file of leftovers) await writeFile(join(repository.folder, file), 'half');
    await mkdir(join(folder, '.new-1', 'objects'), { recursive: true });
    await mkdir(join(folder, '.deleted-1', 'objects'), { recursive: true });
    const next = await GitStore.open({ folder, identity });
    const { changed } = await next.repository('project').commit('dev', { changes: [put('a', '1')], message: 'm' });
    expect(changed).toBe(true);
    await next.close();
    expect(await readdir(folder)).toEqual(['project.git']);
    expect(await readdir(join(repository.folder, 'refs', 'heads'))).toEqual(['dev', 'master', 'prod']);
    expect(await readdir(join(repository.folder, 'refs/remotes/upstream/feature'))).toEqual([]);
    expect((await readdir(join(repository.folder, 'objects'))).filter((name) => name.startsWith('tmp'))).toEqual([]);
    await fsck(repository);
  });

  it('keeps no pack from being packed, other than somebody wants it so', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    const { objects, folder: project } = await createProject(store);
    await objects.writeAhead(Array.from({ length: 100 }, (_, index) => nameObject('blob', Buffer.from(`${index}`))));
    await store.close();
    const pack = join(project, 'objects', 'pack');
    expect((await readdir(pack)).filter((name) => name.endsWith('.keep'))).toHaveLength(1);
    await writeFile(join(pack, 'pack-1.keep'), 'by hand\n');
    await openStore({ folder });
    expect((await readdir(pack)).filter((name) => name.endsWith('.keep'))).toEqual(['pack-1.keep']);
  });

  it('is rolled forward when a commit on several branches was decided', async () => {
    const folder = await temporaryFolder();
    const store = await GitStore.open({ folder, identity });
    const repository = await createProject(store);
    const from = repository.head('prod');
    const { commit } = await repository.commit('dev', { changes: [put('a', '1')], message: 'm' });
    await store.close();
    // `dev` has moved already, `prod` has not.
    const moves = ['dev', 'prod'].map((branch) => ({ branch, from, commit }));
    await writeFile(join(repository.folder, 'keptn-pending-commit.json'), JSON.stringify(moves));
    const next = await openStore({ folder });
    expect(next.repository('project').head('prod')).toBe(commit);
    expect(await readdir(repository.folder)).not.toContain('keptn-pending-commit.json');
    expect((await git(repository, 'rev-parse', 'prod')).trim()).toBe(commit);
  });
});

it('names a damaged repository and opens the others', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'damaged.git'));
  const warnings: string[] = [];
  const logger = { log: () => undefined, warn: (text: string) => void warnings.push(text) };
  const store = await openStore({ folder, logger });
  await createProject(store);
  expect(store.repositories()).toEqual(['damaged', 'project']);
  expect(() => store.repository('damaged')).toThrow(RepositoryDamaged);
  expect(warnings).toHaveLength(1);
});

it('takes no link for a repository', async () => {
  const folder = await temporaryFolder();
  await symlink(await temporaryFolder(), join(folder, 'elsewhere.git'));
  expect((await openStore({ folder })).repositories()).toEqual([]);
});
