import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { FileNotFound, GitStore, PathConflict, type Repository } from '../src/index';
import { createProject, fsck, git, identity, openStore, put, temporaryFolder } from './store-fixture';

const message = 'Changed resources';

/** A repository whose `dev` branch was written by somebody else, with what this store never writes itself. */
async function withForeignCommit(): Promise<Repository> {
  const folder = await temporaryFolder();
  const store = await GitStore.open({ folder, identity });
  const repository = await createProject(store);
  await store.close();
  const blob = (await git(repository, 'rev-parse', 'dev:metadata.yaml')).trim();
  const commit = (await git(repository, 'rev-parse', 'dev')).trim();
  const entries = [
    ['100755 blob', blob, 'run.sh'],
    ['120000 blob', blob, 'link'],
    ['160000 commit', commit, 'submodule'],
    ['100644 blob', blob, 'caf\u00e9 in latin1'],
    ['100644 blob', blob, '.gitattributes'],
    ['040000 tree', (await git(repository, 'rev-parse', 'dev^{tree}')).trim(), '\u00fcber'],
  ].map(([kind = '', id = '', name = '']) => `${kind} ${id}\t${name}\0`);
  const withGit = (input: string, ...args: string[]): string =>
    execFileSync('git', ['--git-dir', repository.folder, ...args], { input: Buffer.from(input, 'latin1') })
      .toString()
      .trim();
  const tree = withGit(entries.join(''), 'mktree', '-z');
  const foreign = withGit(
    '',
    '-c',
    'user.name=x',
    '-c',
    'user.email=x',
    'commit-tree',
    tree,
    '-p',
    commit,
    '-m',
    'Foreign',
  );
  await git(repository, 'update-ref', 'refs/heads/dev', foreign);
  await git(repository, 'pack-refs', '--all');
  return (await openStore({ folder })).repository('project');
}

it('reads and lists plain and executable files only', async () => {
  const repository = await withForeignCommit();
  const files = await repository.list({ branch: 'dev' });
  expect(files.map(({ path }) => path)).toEqual([
    '.gitattributes',
    'caf\ufffd in latin1',
    'run.sh',
    '\ufffdber/metadata.yaml',
  ]);
  for (const path of ['link', 'submodule', 'link/x']) {
    await expect(repository.readFile({ branch: 'dev', path })).rejects.toThrow(FileNotFound);
  }
});

it('reads what it lists whatever its name, and tells the folders at the root', async () => {
  const snapshot = await (await withForeignCommit()).at({ branch: 'dev' });
  for (const file of await snapshot.list()) expect((await snapshot.read(file)).toString()).toContain('projectname');
  expect(await snapshot.folders()).toEqual(['\ufffdber']);
});

it('leaves everything as it is that a commit does not name', async () => {
  const repository = await withForeignCommit();
  const before = await git(repository, 'ls-tree', '-z', 'dev');
  const { blob } = await repository.readFile({ branch: 'dev', path: 'run.sh' });
  await repository.commit('dev', { changes: [put('zz', '1')], message });
  const after = (await git(repository, 'ls-tree', '-z', 'dev')).split('\0');
  expect(after).toEqual(expect.arrayContaining(before.split('\0')));
  await repository.commit('dev', { changes: [put('run.sh', '#!/bin/sh\n')], message });
  expect(await git(repository, 'ls-tree', 'dev', 'run.sh')).toMatch(/^100755 blob /);
  expect((await repository.readFile({ branch: 'dev', path: 'run.sh' })).blob).not.toBe(blob);
  await fsck(repository);
});

it('replaces a link by a file and never writes through it', async () => {
  const repository = await withForeignCommit();
  await expect(repository.commit('dev', { changes: [put('link/x', '1')], message })).rejects.toThrow(PathConflict);
  await repository.commit('dev', { changes: [put('link', 'plain')], message });
  expect(await git(repository, 'ls-tree', 'dev', 'link')).toMatch(/^100644 blob /);
});

it('deletes branches that are packed', async () => {
  const repository = await withForeignCommit();
  await repository.deleteBranch('prod');
  expect((await git(repository, 'branch', '--format=%(refname:short)')).split('\n')).toEqual(['dev', 'master', '']);
  await fsck(repository);
});
