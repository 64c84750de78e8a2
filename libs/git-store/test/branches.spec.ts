import { expect, it } from 'vitest';
import { BranchExists, BranchNotFound, DefaultBranchRequired, FileNotFound, InvalidName, GitStore } from '../src/index';
import { createProject, fsck, git, identity, openStore, put, temporaryFolder } from './store-fixture';

it('starts at the commit of another branch and goes its own way', async () => {
  const repository = await createProject(await openStore());
  const commit = await repository.createBranch('staging', { from: 'dev' });
  expect(commit).toBe(repository.head('dev'));
  await repository.commit('staging', { changes: [put('only-here', '1')], message: 'Added' });
  await expect(repository.readFile({ branch: 'dev', path: 'only-here' })).rejects.toThrow(FileNotFound);
  expect(repository.branches()).toEqual(['dev', 'master', 'prod', 'staging']);
  await fsck(repository);
});

it('may be made and deleted beside others, and the next process sees what is left', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const repository = await createProject(store);
  const names = Array.from({ length: 20 }, (_none, index) => `stage-${index}`);
  await Promise.all(names.map((name) => repository.createBranch(name, { from: 'master' })));
  await Promise.all(names.slice(1).map((name) => repository.deleteBranch(name)));
  await store.close();
  await git(repository, 'pack-refs', '--all');
  const later = (await openStore({ folder })).repository('project');
  expect(later.branches()).toEqual(['dev', 'master', 'prod', 'stage-0']);
  expect(later.head('stage-0')).toBe(later.head('master'));
});

it('is refused with a bad name, a second time, and without its start', async () => {
  const repository = await createProject(await openStore());
  await expect(repository.createBranch('a/b', { from: 'dev' })).rejects.toThrow(InvalidName);
  await expect(repository.createBranch('dev', { from: 'master' })).rejects.toThrow(BranchExists);
  await expect(repository.createBranch('new', { from: 'none' })).rejects.toThrow(BranchNotFound);
});

it('is gone after its deletion, also for the next process', async () => {
  const folder = await temporaryFolder();
  const store = await GitStore.open({ folder, identity });
  const repository = await createProject(store);
  await repository.deleteBranch('prod');
  expect(repository.hasBranch('prod')).toBe(false);
  await expect(repository.commit('prod', { changes: [put('a', '1')], message: 'x' })).rejects.toThrow(BranchNotFound);
  await expect(repository.deleteBranch('prod')).rejects.toThrow(BranchNotFound);
  await store.close();
  expect((await openStore({ folder })).repository('project').branches()).toEqual(['dev', 'master']);
});

it('cannot be deleted when clones start with it', async () => {
  const repository = await createProject(await openStore());
  await expect(repository.deleteBranch('master')).rejects.toThrow(DefaultBranchRequired);
  expect((await git(repository, 'symbolic-ref', 'HEAD')).trim()).toBe('refs/heads/master');
});
