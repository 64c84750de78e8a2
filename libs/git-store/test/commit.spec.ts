import { describe, expect, it } from 'vitest';
import { FileNotFound, InvalidPath, IsADirectory, PathConflict } from '../src/index';
import { createProject, fsck, git, openStore, put } from './store-fixture';

const message = 'Changed resources';

describe('a commit', () => {
  it('is what Git shows', async () => {
    const repository = await createProject(await openStore());
    const changes = [put('carts/helm/values.yaml', 'replicas: 1\n')];
    const { commit, changed } = await repository.commit('dev', { changes, message });
    expect(changed).toBe(true);
    expect(repository.head('dev')).toBe(commit);
    expect(await git(repository, 'show', `${commit}:carts/helm/values.yaml`)).toBe('replicas: 1\n');
    expect((await git(repository, 'rev-parse', 'refs/heads/dev')).trim()).toBe(commit);
    await fsck(repository);
  });

  it('names its author, its committer and its trailers', async () => {
    const repository = await createProject(await openStore());
    const author = { name: 'Ada <ada>\n', email: 'ada@example.org>' };
    const trailers = { 'Keptn-Context': 'a\nSigned-off-by: nobody', 'Request Id:': '7', Empty: '\n' };
    await repository.commit('dev', { changes: [put('a', '1')], message: 'Added a\r\n', author, trailers });
    const format = '%an|%ae|%cn|%ce|%s|%(trailers:unfold,separator=%x7C)';
    expect((await git(repository, 'log', '-1', `--format=${format}`, 'dev')).trim()).toBe(
      'Ada ada|ada@example.org|keptn|keptn@keptn.example|Added a|Keptn-Context: a Signed-off-by: nobody|RequestId: 7',
    );
    await fsck(repository);
  });

  it('is not made when the changes make no difference', async () => {
    const repository = await createProject(await openStore());
    const before = repository.head('dev');
    const changes = [put('metadata.yaml', 'projectname: project\n'), { path: 'unknown', delete: true as const }];
    expect(await repository.commit('dev', { changes, message })).toEqual({ commit: before, changed: false });
    expect(repository.head('dev')).toBe(before);
  });

  it('applies its changes in their order', async () => {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: [put('a/b', '1'), put('a/c', '2')], message });
    const changes = [{ folder: 'a', delete: true as const }, put('a', 'now a file'), put('x', '1'), put('x', '2')];
    await repository.commit('dev', { changes, message });
    expect((await git(repository, 'ls-tree', '-r', '--name-only', 'dev')).trim().split('\n')).toEqual([
      'a',
      'metadata.yaml',
      'x',
    ]);
    expect(await git(repository, 'show', 'dev:x')).toBe('2');
    await fsck(repository);
  });

  it('may delete everything', async () => {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: [{ path: 'metadata.yaml', delete: true }], message });
    expect(await repository.list({ branch: 'dev' })).toEqual([]);
    await fsck(repository);
  });

  it('leaves no empty folder behind', async () => {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: [put('a/b/c', '1')], message });
    await repository.commit('dev', { changes: [{ path: 'a/b/c', delete: true }], message });
    expect(await repository.list({ branch: 'dev', folder: 'a' })).toEqual([]);
    await fsck(repository);
  });
});

describe('a refused commit', () => {
  it.each([
    ['a file below a file', [put('metadata.yaml/x', '1')], PathConflict],
    ['a file in the place of a folder', [put('folder', '1')], PathConflict],
    ['a folder deleted as a file', [{ path: 'folder', delete: true }], IsADirectory],
    ['a file deleted as a folder', [{ folder: 'metadata.yaml', delete: true }], PathConflict],
    ['a path out of the repository', [put('../x', '1')], InvalidPath],
  ] as const)('%s changes nothing', async (_name, changes, errorClass) => {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: [put('folder/file', '1')], message });
    const before = repository.head('dev');
    await expect(repository.commit('dev', { changes: [put('ok', '1'), ...changes], message })).rejects.toThrow(
      errorClass,
    );
    expect(repository.head('dev')).toBe(before);
    await fsck(repository);
  });

  it('does not stop the queue', async () => {
    const repository = await createProject(await openStore());
    const refused = repository.commit('dev', { changes: [put('..', '1')], message });
    const accepted = repository.commit('dev', { changes: [put('b', '1')], message });
    await expect(refused).rejects.toThrow(InvalidPath);
    expect((await accepted).changed).toBe(true);
  });
});

describe('changes that are decided by what is there', () => {
  it('lets exactly one of several creators of a file win', async () => {
    const repository = await createProject(await openStore());
    const create = async (index: number): Promise<void> => {
      await repository.commit('dev', {
        message,
        changes: async (current) => {
          if (await current.hasFile('once')) throw new Error('exists');
          return [put('once', String(index))];
        },
      });
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => create(index)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });
});

describe('a commit on several branches', () => {
  it('reaches all of them', async () => {
    const repository = await createProject(await openStore());
    const request = { changes: [put('shared', '1')], message };
    const results = await repository.commitBranches([
      { branch: 'dev', ...request },
      { branch: 'prod', ...request },
    ]);
    expect(results.map(({ commit }) => commit)).toEqual([repository.head('dev'), repository.head('prod')]);
    await fsck(repository);
  });

  it('reaches none when one of them is refused', async () => {
    const repository = await createProject(await openStore());
    const before = repository.head('dev');
    const together = repository.commitBranches([
      { branch: 'dev', changes: [put('a', '1')], message },
      { branch: 'prod', changes: [put('metadata.yaml/x', '1')], message },
    ]);
    await expect(together).rejects.toThrow(PathConflict);
    expect(repository.head('dev')).toBe(before);
    await expect(repository.readFile({ branch: 'dev', path: 'a' })).rejects.toThrow(FileNotFound);
  });
});
