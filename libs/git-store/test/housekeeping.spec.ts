import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nameObject } from '../src/git-object';
import { type Repository } from '../src/index';
import { createProject, fsck, git, openStore, put } from './store-fixture';

const message = 'Changed resources';
const LONG_AGO = new Date('2020-01-01');

async function looseObjects(repository: Repository): Promise<number> {
  return Number(/^count: (\d+)/m.exec(await git(repository, 'count-objects', '-v'))?.[1]);
}

async function commitMany(repository: Repository, count: number, prefix = 'f'): Promise<void> {
  for (let index = 0; index < count; index++) {
    await repository.commit('dev', { changes: [put(`${prefix}/${index}`, `${prefix} ${index}`)], message });
  }
}

it('packs loose objects, and everything can still be read', async () => {
  const repository = await createProject(await openStore({ cacheBytes: 0 }));
  const first = (await repository.commit('dev', { changes: [put('old', 'old')], message })).commit;
  await commitMany(repository, 20);
  await repository.maintain();
  expect(await looseObjects(repository)).toBe(0);
  await commitMany(repository, 5, 'later');
  await repository.maintain();
  expect(await repository.list({ branch: 'dev' })).toHaveLength(27);
  expect((await repository.readFile({ commit: first, path: 'old' })).content.toString()).toBe('old');
  await fsck(repository);
});

it('starts by itself when a repository has too many loose objects', async () => {
  const packed: string[] = [];
  let report = (): void => undefined;
  const reported = new Promise<void>((resolve) => (report = resolve));
  const note = (text: string): void => {
    packed.push(text);
    report();
  };
  const logger = { log: note, warn: note };
  const repository = await createProject(await openStore({ maxLooseObjects: 40, logger }));
  await commitMany(repository, 20);
  await reported;
  expect(packed[0]).toMatch(/^Packed repository project: \d+ loose objects, \d+ ms$/);
  expect(await looseObjects(repository)).toBeLessThan(80);
});

it('stops no reader and no writer', async () => {
  const repository = await createProject(await openStore({ cacheBytes: 0 }));
  await commitMany(repository, 60);
  let packing = true;
  const maintained = (async () => {
    for (let round = 0; round < 4; round++) await repository.maintain();
    packing = false;
  })();
  let reads = 0;
  const read = async (): Promise<void> => {
    for (; packing; reads++) {
      const path = `f/${reads % 60}`;
      expect((await repository.readFile({ branch: 'dev', path })).content.toString()).toBe(path.replace('/', ' '));
    }
  };
  const write = async (): Promise<void> => {
    for (let index = 0; packing; index++) await commitMany(repository, 1, `w${index}`);
  };
  await Promise.all([maintained, read(), read(), write()]);
  expect(reads).toBeGreaterThan(50);
  await fsck(repository);
});

it('lets unused objects go when they are old, and only then', async () => {
  const repository = await createProject(await openStore());
  await repository.createBranch('temporary', { from: 'dev' });
  const { commit } = await repository.commit('temporary', { changes: [put('only/there', 'x')], message });
  await repository.deleteBranch('temporary');
  const young = (await repository.commit('dev', { changes: [put('young', 'x')], message })).commit;
  await makeOld(repository);
  await utimes(join(repository.folder, 'objects', young.slice(0, 2), young.slice(2)), new Date(), new Date());
  await writeFile(join(repository.folder, 'keptn-last-removal'), '');
  await repository.maintain();
  expect((await git(repository, 'cat-file', '-t', commit)).trim()).toBe('commit');
  await makeOld(repository);
  await makeRemovalDue(repository);
  await repository.maintain();
  await expect(git(repository, 'cat-file', '-t', commit)).rejects.toThrow();
  await fsck(repository);
});

it('packs also where Git cannot tell which objects are unused, and says why those stay', async () => {
  const warnings: string[] = [];
  const logger = { log: () => undefined, warn: (text: string) => void warnings.push(text) };
  const repository = await createProject(await openStore({ logger }));
  await commitMany(repository, 20);
  await writeFile(join(repository.folder, 'refs', 'tags', 'broken'), '');
  await makeRemovalDue(repository);
  await repository.maintain();
  expect(await looseObjects(repository)).toBe(0);
  expect(await readdir(join(repository.folder, 'keptn-journal'))).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^Unused objects of repository project stay: .*refs\/tags\/broken/)]);
});

it('leaves the objects of a large commit in their pack until a branch refers to them', async () => {
  const repository = await createProject(await openStore());
  const objects = Array.from({ length: 120 }, (_, index) => nameObject('blob', Buffer.from(`blob ${index}`)));
  const { release } = await repository.objects.writeAhead(objects);
  const packs = (): Promise<string[]> => readdir(join(repository.folder, 'objects', 'pack'));
  const before = await packs();
  await makeRemovalDue(repository);
  await repository.maintain();
  expect(await looseObjects(repository)).toBe(0);
  expect(await packs()).toEqual(expect.arrayContaining(before));
  await release();
  expect((await packs()).filter((name) => name.endsWith('.keep'))).toEqual([]);
  await makeRemovalDue(repository);
  await repository.maintain();
  expect(await looseObjects(repository)).toBe(objects.length);
});

async function makeRemovalDue(repository: Repository): Promise<void> {
  const file = join(repository.folder, 'keptn-last-removal');
  await writeFile(file, '');
  await utimes(file, LONG_AGO, LONG_AGO);
}

/** Gives every file among the objects a date long ago. */
async function makeOld(repository: Repository): Promise<void> {
  const objects = join(repository.folder, 'objects');
  for (const folder of await readdir(objects)) {
    for (const file of await readdir(join(objects, folder)))
      await utimes(join(objects, folder, file), LONG_AGO, LONG_AGO);
  }
}
