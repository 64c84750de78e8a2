import { describe, expect, it } from 'vitest';
import { BranchNotFound, CommitNotFound, FileNotFound, InvalidPath, IsADirectory, type Repository } from '../src/index';
import { createProject, git, openStore, put } from './store-fixture';

const message = 'Added resources';

describe('reading a file', () => {
  it('returns its content, the id of the content and the commit', async () => {
    const repository = await createProject(await openStore());
    const content = Buffer.from([0, 255, 10, 13, 0]);
    const { commit } = await repository.commit('dev', { changes: [{ path: 'ä/b c', content }], message });
    const file = await repository.readFile({ branch: 'dev', path: 'ä/b c' });
    expect(file).toEqual({ content, commit, blob: (await git(repository, 'rev-parse', 'dev:ä/b c')).trim() });
  });

  it('reads older commits', async () => {
    const repository = await createProject(await openStore());
    const { commit } = await repository.commit('dev', { changes: [put('a', '1')], message });
    await repository.commit('dev', { changes: [put('a', '2')], message });
    expect((await repository.readFile({ commit, path: 'a' })).content.toString()).toBe('1');
  });

  it('hands out content that the caller may change', async () => {
    const repository = await createProject(await openStore());
    const read = (): Promise<{ content: Buffer }> => repository.readFile({ branch: 'dev', path: 'metadata.yaml' });
    (await read()).content.fill(0);
    expect((await read()).content.toString()).toBe('projectname: project\n');
  });

  it('reads large files', async () => {
    const repository = await createProject(await openStore());
    const content = Buffer.alloc(3_000_000, 'large ');
    await repository.commit('dev', { changes: [{ path: 'large', content }], message });
    expect((await repository.readFile({ branch: 'dev', path: 'large' })).content.equals(content)).toBe(true);
    await git(repository, 'repack', '-adq');
    expect((await repository.readFile({ branch: 'dev', path: 'large' })).content.equals(content)).toBe(true);
  });

  it('says what is missing', async () => {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: [put('folder/file', '1')], message });
    const tree = (await git(repository, 'rev-parse', 'dev^{tree}')).trim();
    const reads = [
      [{ branch: 'dev', path: 'missing' }, FileNotFound],
      [{ branch: 'dev', path: 'metadata.yaml/missing' }, FileNotFound],
      [{ branch: 'dev', path: 'folder' }, IsADirectory],
      [{ branch: 'dev', path: 'folder/' }, InvalidPath],
      [{ branch: 'none', path: 'file' }, BranchNotFound],
      [{ commit: '0'.repeat(40), path: 'file' }, CommitNotFound],
      [{ commit: tree, path: 'file' }, CommitNotFound],
      [{ commit: 'dev', path: 'file' }, CommitNotFound],
    ] as const;
    for (const [where, errorClass] of reads) await expect(repository.readFile(where)).rejects.toThrow(errorClass);
  });

  it('does not see the objects of another repository', async () => {
    const store = await openStore();
    const repository = await createProject(store);
    const other = await store.createRepository('other', { branches: [{ branch: 'master' }] });
    const { commit } = await repository.commit('dev', { changes: [put('secret', '1')], message });
    await repository.readFile({ commit, path: 'secret' });
    await expect(other.readFile({ commit, path: 'secret' })).rejects.toThrow(CommitNotFound);
  });
});

describe('a list of files', () => {
  const paths = ['a-b', 'a.txt', 'a/1', 'a/b/2', 'a/b/3', 'a/c', 'a0', 'b', 'ä', 'metadata.yaml'];
  /** By name in each folder: what is in `a` comes before `a-b`, though `-` is before `/`. */
  const inWalkOrder = ['a/1', 'a/b/2', 'a/b/3', 'a/c', 'a-b', 'a.txt', 'a0', 'b', 'metadata.yaml', 'ä'];

  async function withFiles(): Promise<Repository> {
    const repository = await createProject(await openStore());
    await repository.commit('dev', { changes: paths.map((path) => put(path, path)), message });
    return repository;
  }

  const pathsIn = async (repository: Repository, folder?: string): Promise<string[]> =>
    (await repository.list({ branch: 'dev', ...(folder !== undefined && { folder }) })).map(({ path }) => path);

  it('has every file, by name in each folder', async () => {
    expect(await pathsIn(await withFiles())).toEqual(inWalkOrder);
  });

  it('can be limited to a folder', async () => {
    const repository = await withFiles();
    expect(await pathsIn(repository, 'a')).toEqual(inWalkOrder.slice(0, 4));
    expect(await pathsIn(repository, 'a/b')).toEqual(['a/b/2', 'a/b/3']);
    expect(await pathsIn(repository, 'none')).toEqual([]);
    expect(await pathsIn(repository, 'b')).toEqual([]);
    await expect(pathsIn(repository, '../a')).rejects.toThrow(InvalidPath);
  });
});
