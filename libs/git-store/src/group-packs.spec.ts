import { readdirSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { beforeSync } from '../test/disk-fixture';
import { temporaryFolder } from '../test/store-fixture';
import { type StoredObject, nameObject } from './git-object';
import { GroupPacks } from './group-packs';
import { packEntry, packName } from './pack-file';

async function entriesOf(...texts: string[]): Promise<StoredObject[]> {
  const objects = texts.map((text) => nameObject('blob', Buffer.from(text)));
  return await Promise.all(objects.map(async (object) => ({ id: object.id, bytes: await packEntry(object) })));
}

it('leaves nothing of a pack whose index cannot be placed', async () => {
  const folder = await temporaryFolder();
  const packs = new GroupPacks(folder);
  const entries = await entriesOf('one', 'two');
  const index = `${packName(entries)}.idx`;
  await mkdir(join(folder, index));
  expect(() => {
    packs.place(entries);
  }).toThrow();
  expect(await readdir(folder)).toEqual([index]);
  await rmdir(join(folder, index));
  packs.place(entries);
  expect(await readdir(folder)).toHaveLength(2);
});

it('waits until packs are gone whose objects were put into a larger one', async () => {
  const folder = await temporaryFolder();
  const packs = new GroupPacks(folder);
  const groups = [await entriesOf('one', 'two'), await entriesOf('three', 'four')];
  for (const entries of groups) packs.place(entries);
  const synced: string[][] = [];
  beforeSync((path) => {
    if (path === folder) synced.push(readdirSync(folder).sort());
  });
  await packs.restore(groups);
  const larger = packName(groups.flat());
  expect(synced.at(-1)).toEqual([`${larger}.idx`, `${larger}.pack`]);
});
