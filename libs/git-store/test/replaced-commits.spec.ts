import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { type ObjectId, type Repository, Upstream } from '../src/index';
import { beforeSync } from './disk-fixture';
import { createProject, fsck, git, openStore, put, temporaryFolder } from './store-fixture';
import { ForeignRepository } from './upstream-fixture';

const FORMER = 'refs/keptn/replaced';

/** Joins a commit of `dev` with one of an upstream. @returns the head that was replaced */
async function replaceHead(project: Repository): Promise<ObjectId> {
  const foreign = await ForeignRepository.create();
  const upstream = await Upstream.open(project, foreign.remote);
  await upstream.push(new Set());
  await foreign.change('dev', { 'person.yaml': 'hello' });
  const { commit } = await project.commit('dev', { changes: [put('ours.yaml', 'ours')], message: 'ours' });
  await upstream.fetch();
  await upstream.integrate();
  expect(project.head('dev')).not.toBe(commit);
  return commit;
}

const referencesTo = async (project: Repository, commit: ObjectId): Promise<string> =>
  (await git(project, 'for-each-ref', '--format=%(refname)', `--points-at=${commit}`)).trim();

it('are kept by references that are on the disk before their branch moves', async () => {
  const project = await createProject(await openStore());
  const synced: string[] = [];
  beforeSync((path) => synced.push(relative(project.folder, path)));
  const former = await replaceHead(project);
  const folders = [`${FORMER}/dev`, FORMER, dirname(FORMER), 'refs'];
  expect(synced).toEqual(expect.arrayContaining([`${FORMER}/dev/${former}.lock`, ...folders]));
  expect(await referencesTo(project, former)).toBe(`${FORMER}/dev/${former}`);
});

it('are found again at a start where their references did not reach the disk', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const project = await createProject(store);
  const former = await replaceHead(project);
  await store.close();
  await writeFile(join(project.folder, FORMER, 'dev', former), '');
  await expect(fsck(project)).rejects.toThrow();
  await openStore({ folder });
  await fsck(project);
  expect(await referencesTo(project, former)).toBe(`${FORMER}/dev/${former}`);
});

it('that are missing themselves keep nobody from the repository', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const project = await createProject(store);
  const former = await replaceHead(project);
  await store.close();
  await writeFile(join(project.folder, FORMER, 'dev', '1'.repeat(40)), '');
  const reopened = (await openStore({ folder })).repository('project');
  expect((await reopened.readFile({ commit: former, path: 'ours.yaml' })).content.toString()).toBe('ours');
});
