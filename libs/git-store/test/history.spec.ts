import { expect, it } from 'vitest';
import { CommitNotFound, InvalidPath, type Repository } from '../src/index';
import { createProject, openStore, put } from './store-fixture';

async function withHistory(): Promise<Repository> {
  const repository = await createProject(await openStore());
  for (const [path, content] of [
    ['a', '1'],
    ['b/c', '1'],
    ['a', '2'],
    ['b/d', '1'],
    ['a', '3'],
  ] as const) {
    await repository.commit('dev', { changes: [put(path, content)], message: `${path} is ${content}` });
  }
  return repository;
}

const subjects = (page: { readonly commits: readonly { readonly message: string }[] }): string[] =>
  page.commits.map(({ message }) => message.trim());

it('lists the commits of a branch, newest first, in pages', async () => {
  const repository = await withHistory();
  const first = await repository.history({ branch: 'dev', limit: 4 });
  expect(subjects(first)).toEqual(['a is 3', 'b/d is 1', 'a is 2', 'b/c is 1']);
  const second = await repository.history({ branch: 'dev', limit: 4, after: first.next ?? '' });
  expect(subjects(second)).toEqual(['a is 1', 'Added metadata.yaml']);
  expect(second.next).toBeUndefined();
  expect(second.commits[0]?.author).toMatchObject({ name: 'keptn', email: 'keptn@keptn.example' });
});

it('lists the commits that changed a file or a folder, also after packing', async () => {
  const repository = await withHistory();
  const check = async (): Promise<void> => {
    const first = await repository.history({ branch: 'dev', path: 'a', limit: 2 });
    expect(subjects(first)).toEqual(['a is 3', 'a is 2']);
    const second = await repository.history({ branch: 'dev', path: 'a', limit: 2, after: first.next ?? '' });
    expect(subjects(second)).toEqual(['a is 1']);
    expect(subjects(await repository.history({ branch: 'dev', path: 'b', limit: 5 }))).toEqual([
      'b/d is 1',
      'b/c is 1',
    ]);
    expect(subjects(await repository.history({ branch: 'dev', path: '*', limit: 5 }))).toEqual([]);
  };
  await check();
  await repository.maintain();
  await check();
});

it('ends after the first commit', async () => {
  const repository = await withHistory();
  const { commits } = await repository.history({ branch: 'dev', limit: 100 });
  expect((await repository.history({ branch: 'dev', limit: 5, after: commits.at(-1)?.id ?? '' })).commits).toEqual([]);
});

it('refuses an unknown place to go on and a bad path', async () => {
  const repository = await withHistory();
  await expect(repository.history({ branch: 'dev', limit: 5, after: 'x' })).rejects.toThrow(CommitNotFound);
  await expect(repository.history({ branch: 'dev', limit: 5, path: '../x' })).rejects.toThrow(InvalidPath);
});
