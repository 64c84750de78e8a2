import { appendFile, cp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitStore, type Repository, RepositoryDamaged } from '../src/index';
import { decodeRecords, encodeRecord } from '../src/journal-record';
import { beforeSync, inputOutputError } from './disk-fixture';
import { createProject, fsck, git, openStore, put, temporaryFolder } from './store-fixture';

const message = 'Changed resources';
const SEGMENT = 'keptn-journal/1';

/** What is on disk while a store is open, as a machine that loses its power leaves it. */
async function afterPowerLoss(store: GitStore): Promise<{ folder: string; project: string }> {
  const folder = await temporaryFolder();
  const project = join(folder, 'project.git');
  await cp(join(store.folder, 'project.git'), project, { recursive: true });
  return { folder, project };
}

/** Files that were written, and did not reach the disk. */
async function loseUnsynced(project: string, branches: readonly string[]): Promise<void> {
  const objects = join(project, 'objects');
  for (const fanOut of (await readdir(objects)).filter((name) => name.length === 2)) {
    for (const [index, name] of (await readdir(join(objects, fanOut))).entries()) {
      const file = join(objects, fanOut, name);
      await rm(file, { force: true });
      if (index % 2 === 0) await writeFile(file, '');
    }
  }
  for (const branch of branches) await writeFile(join(project, 'refs/heads', branch), '');
}

/** A project whose first objects are packed, so that only what was journaled can be lost. */
async function packedProject(store: GitStore): Promise<Repository> {
  const repository = await createProject(store);
  await repository.maintain();
  return repository;
}

async function reopen(folder: string): Promise<Repository> {
  return (await openStore({ folder })).repository('project');
}

const textOf = async (repository: Repository, branch: string, path: string): Promise<string> =>
  (await repository.readFile({ branch, path })).content.toString();

it('brings back what was acknowledged and did not reach Git’s files', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  for (let index = 0; index < 40; index++) {
    await repository.commit('dev', { changes: [put(`a/${index}`, `${index}`)], message });
  }
  await repository.commitBranches(['dev', 'prod'].map((branch) => ({ branch, changes: [put('b', '1')], message })));
  const { folder, project } = await afterPowerLoss(store);
  await loseUnsynced(project, ['dev', 'prod']);
  const recovered = await reopen(folder);
  expect(recovered.head('dev')).toBe(repository.head('dev'));
  expect(recovered.head('prod')).toBe(repository.head('prod'));
  expect(await textOf(recovered, 'dev', 'a/39')).toBe('39');
  expect(await textOf(recovered, 'prod', 'b')).toBe('1');
  expect(await readdir(join(project, 'keptn-journal'))).toEqual([]);
  await fsck(recovered);
});

it('brings back what several segments hold', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  for (let index = 0; index < 5; index++) {
    await repository.commit('dev', { changes: [put('a', `${index}`), put(`b/${index}`, '1')], message });
  }
  const { folder, project } = await afterPowerLoss(store);
  const records = decodeRecords(await readFile(join(project, SEGMENT)));
  for (const [index, record] of records.entries()) {
    await writeFile(join(project, 'keptn-journal', `${index + 8}`), encodeRecord(record));
  }
  await rm(join(project, SEGMENT));
  await loseUnsynced(project, ['dev']);
  const recovered = await reopen(folder);
  expect(recovered.head('dev')).toBe(repository.head('dev'));
  expect(await textOf(recovered, 'dev', 'a')).toBe('4');
  expect(await readdir(join(project, 'keptn-journal'))).toEqual([]);
  await fsck(recovered);
});

it('leaves out a record that was cut off', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  const { commit } = await repository.commit('dev', { changes: [put('a', '1')], message });
  await repository.commit('dev', { changes: [put('a', '2')], message });
  const { folder, project } = await afterPowerLoss(store);
  const segment = join(project, SEGMENT);
  // More than is appended: the last byte may be the one that stands there then.
  await truncate(segment, (await stat(segment)).size - 8);
  await appendFile(segment, '\0\0');
  await writeFile(join(project, 'refs/heads/dev'), '');
  const recovered = await reopen(folder);
  expect(recovered.head('dev')).toBe(commit);
  expect(await textOf(recovered, 'dev', 'a')).toBe('1');
  await fsck(recovered);
});

it('is damage when whole records follow one that is not', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  await repository.commit('dev', { changes: [put('a', '1')], message });
  const { size } = await stat(join(repository.folder, SEGMENT));
  await repository.commit('dev', { changes: [put('a', '2')], message });
  const { folder, project } = await afterPowerLoss(store);
  const segment = join(project, SEGMENT);
  const bytes = await readFile(segment);
  bytes[size - 1] = (bytes[size - 1] ?? 0) ^ 1;
  await writeFile(segment, bytes);
  const next = await openStore({ folder });
  expect(() => next.repository('project')).toThrow(RepositoryDamaged);
  expect(() => next.repository('project')).toThrow(/keptn-journal\/1 is missing or unreadable; restore/);
  expect((await readFile(segment)).equals(bytes)).toBe(true);
});

it('leaves a branch where a person moved it meanwhile', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  const { commit } = await repository.commit('prod', { changes: [put('a', '1')], message });
  await repository.commit('dev', { changes: [put('a', '2')], message });
  const { folder, project } = await afterPowerLoss(store);
  await writeFile(join(project, 'refs/heads/dev'), `${commit}\n`);
  expect((await reopen(folder)).head('dev')).toBe(commit);
});

it('knows nothing of a branch that was deleted', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  await repository.commit('dev', { changes: [put('a', '1')], message });
  await repository.deleteBranch('dev');
  const start = await repository.createBranch('dev', { from: 'master' });
  const { folder } = await afterPowerLoss(store);
  expect((await reopen(folder)).head('dev')).toBe(start);
});

it('is dropped by packing, and what came since is kept', async () => {
  const store = await openStore();
  const repository = await packedProject(store);
  await repository.commit('dev', { changes: [put('a', '1')], message });
  await Promise.all([repository.maintain(), repository.commit('dev', { changes: [put('b', '1')], message })]);
  await repository.commit('dev', { changes: [put('c', '1')], message });
  const { folder, project } = await afterPowerLoss(store);
  expect(await readdir(join(project, 'keptn-journal'))).not.toContain('1');
  await loseUnsynced(project, ['dev']);
  const recovered = await reopen(folder);
  for (const path of ['a', 'b', 'c']) expect(await textOf(recovered, 'dev', path)).toBe('1');
  await fsck(recovered);
});

it.each([
  ['a branch', 'packing', /refs\/heads\/dev$/, (repository: Repository) => repository.maintain()],
  [
    'a branch',
    'a new branch',
    /refs\/heads\/dev$/,
    (repository: Repository) => repository.createBranch('new', { from: 'dev' }),
  ],
  ['the names of packs', 'packing', /objects\/pack$/, (repository: Repository) => repository.maintain()],
])(
  'is kept when the disk loses %s while %s waits for it, until all is written again',
  async (_what, _who, path, wait) => {
    const store = await openStore();
    const repository = await packedProject(store);
    await repository.commit('dev', { changes: [put('a', '1')], message });
    let isLost = false;
    beforeSync((synced) => {
      if (isLost || !path.test(synced)) return;
      isLost = true;
      throw inputOutputError();
    });
    await expect(wait(repository)).rejects.toThrow();
    await repository.maintain();
    const { folder, project } = await afterPowerLoss(store);
    await loseUnsynced(project, ['dev']);
    const recovered = await reopen(folder);
    expect(recovered.head('dev')).toBe(repository.head('dev'));
    await fsck(recovered);
    await repository.commit('dev', { changes: [put('b', '1')], message });
    await repository.maintain();
    expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
  },
);

it('takes commits that wait at the same time in one record', async () => {
  const repository = await packedProject(await openStore());
  const writers = Array.from({ length: 30 }, (_, index) => ({
    branch: index % 2 === 0 ? 'dev' : 'prod',
    changes: [put(`file-${index}`, `${index}`)],
    message,
  }));
  await Promise.all(writers.map(({ branch, ...request }) => repository.commit(branch, request)));
  const records = decodeRecords(await readFile(join(repository.folder, SEGMENT)));
  expect(records.length).toBeLessThan(writers.length / 2);
  expect((await git(repository, 'rev-list', '--count', 'dev', 'prod', '^master')).trim()).toBe('30');
});

describe('commits that wait at the same time become a pack', () => {
  /** @returns how many packs there are beside that of the project's first objects */
  async function manyAtOnce(repository: Repository): Promise<readonly string[]> {
    const before = await packsOf(repository.folder);
    const writers = Array.from({ length: 30 }, (_, index) => ({
      changes: [put(`many/${index}`, `${index}`)],
      message,
    }));
    await Promise.all(writers.map((request) => repository.commit('dev', request)));
    return (await packsOf(repository.folder)).filter((name) => !before.includes(name));
  }

  const packsOf = (folder: string): Promise<string[]> => readdir(join(folder, 'objects/pack'));

  it('that any Git client reads as soon as they are answered', async () => {
    const repository = await packedProject(await openStore());
    const files = await manyAtOnce(repository);
    expect(files.length).toBeGreaterThanOrEqual(2);
    expect(files.length).toBeLessThan(30);
    expect(await git(repository, 'show', 'dev:many/29')).toBe('29');
    await fsck(repository);
  });

  it.each([
    ['that is gone', (file: string) => rm(file)],
    ['that is empty', (file: string) => rm(file).then(() => writeFile(file, ''))],
    ['whose index alone is gone', (file: string) => (file.endsWith('.idx') ? rm(file) : Promise.resolve())],
    ['whose index alone is there', (file: string) => (file.endsWith('.pack') ? rm(file) : Promise.resolve())],
  ])('%s after a power failure is made again', async (_name, lose) => {
    const store = await openStore();
    const repository = await packedProject(store);
    const files = await manyAtOnce(repository);
    const { folder, project } = await afterPowerLoss(store);
    for (const file of files) await lose(join(project, 'objects/pack', file));
    await loseUnsynced(project, ['dev']);
    const recovered = await reopen(folder);
    expect(recovered.head('dev')).toBe(repository.head('dev'));
    for (let index = 0; index < 30; index++) expect(await textOf(recovered, 'dev', `many/${index}`)).toBe(`${index}`);
    expect(await readdir(join(project, 'keptn-journal'))).toEqual([]);
    // One for all groups, beside that of the project's first objects.
    expect((await packsOf(project)).filter((name) => name.endsWith('.idx'))).toHaveLength(2);
    await fsck(recovered);
  });

  it('that needs no journal once it was packed with others or the store is closed', async () => {
    const folder = await temporaryFolder();
    const store = await openStore({ folder });
    const repository = await packedProject(store);
    await manyAtOnce(repository);
    await repository.maintain();
    expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
    await manyAtOnce(repository);
    await store.close();
    expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
    await fsck(await reopen(folder));
  });
});

it('is empty when the store is closed', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ folder });
  const repository = await createProject(store);
  await repository.commit('dev', { changes: [put('a', '1')], message });
  await store.close();
  expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
  await fsck(repository);
});
