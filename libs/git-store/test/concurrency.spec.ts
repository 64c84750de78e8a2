import { expect, it } from 'vitest';
import { createProject, fsck, git, openStore, put } from './store-fixture';

const message = 'Changed resources';

it('makes one commit for each of many writers to one branch, in a straight line', async () => {
  const repository = await createProject(await openStore());
  const writer = async (name: number): Promise<string[]> => {
    const commits: string[] = [];
    for (let index = 0; index < 15; index++) {
      const { commit } = await repository.commit('dev', { changes: [put(`${name}/${index}`, 'x')], message });
      commits.push(commit);
    }
    return commits;
  };
  const commits = (await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)))).flat();
  const history = (await git(repository, 'rev-list', '--parents', 'dev', '^master')).trim().split('\n');
  expect(history.every((line) => line.split(' ').length === 2)).toBe(true);
  expect(history.map((line) => line.slice(0, 40)).sort()).toEqual(commits.sort());
  expect(await repository.list({ branch: 'dev' })).toHaveLength(8 * 15 + 1);
  await fsck(repository);
});

it('serves the writers of a branch in the order in which they came', async () => {
  const repository = await createProject(await openStore());
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      await repository.commit('dev', {
        changes: [put(`f${index}`, 'x'.repeat(index % 2 === 0 ? 100_000 : 1))],
        message,
      });
      order.push(index);
    }),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('lets readers and writers of other branches pass a writer that takes its time', async () => {
  const repository = await createProject(await openStore());
  let finish = (): void => undefined;
  const slow = repository.commit('dev', {
    message,
    changes: async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return [put('slow', '1')];
    },
  });
  expect((await repository.commit('prod', { changes: [put('quick', '1')], message })).changed).toBe(true);
  expect(await repository.hasFile({ branch: 'dev', path: 'slow' })).toBe(false);
  finish();
  expect((await slow).changed).toBe(true);
});

it('keeps commits on several branches apart from those on one', async () => {
  const repository = await createProject(await openStore());
  const together = (index: number): Promise<unknown> =>
    repository.commitBranches(
      ['dev', 'prod'].map((branch) => ({ branch, changes: [put(`both/${index}`, 'x')], message })),
    );
  const single = (branch: string, index: number): Promise<unknown> =>
    repository.commit(branch, { changes: [put(`single/${index}`, 'x')], message });
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => [together(index), single('dev', index), single('prod', index)]).flat(),
  );
  for (const branch of ['dev', 'prod']) {
    expect((await git(repository, 'rev-list', '--count', branch, '^master')).trim()).toBe('20');
  }
  await fsck(repository);
});
