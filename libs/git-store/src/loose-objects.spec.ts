import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { beforeSync } from '../test/disk-fixture';
import { temporaryFolder } from '../test/store-fixture';
import { type NamedObject, type StoredObject, nameObject } from './git-object';
import { LooseObjects, looseBytes } from './loose-objects';

const OTHER_USER = 54_321;
const [first, second] = ['first', 'second'].map((text) => nameObject('blob', Buffer.from(text))) as [
  NamedObject,
  NamedObject,
];

const stored = async (object: NamedObject): Promise<StoredObject> => ({
  id: object.id,
  bytes: await looseBytes(object),
});

function asOtherUser<Result>(task: () => Result): Result {
  process.seteuid?.(OTHER_USER);
  try {
    return task();
  } finally {
    process.seteuid?.(0);
  }
}

describe.runIf(process.geteuid?.() === 0)('files of another owner (where this user may become one)', () => {
  /** With the first object, and no right to add the second one. */
  async function foreignFolder(): Promise<string> {
    const folder = await temporaryFolder();
    await new LooseObjects(folder).write([first]);
    await mkdir(join(folder, second.id.slice(0, 2)), { mode: 0o755 });
    for (const each of [folder, join(folder, first.id.slice(0, 2))]) await chmod(each, 0o777);
    return folder;
  }

  it('stay when objects after them cannot be placed', async () => {
    const loose = new LooseObjects(await foreignFolder());
    const files = [await stored(first), await stored(second)];
    expect(() => asOtherUser(() => loose.place(files))).toThrow('EACCES');
    expect((await loose.read(first.id))?.body.toString()).toBe('first');
  });

  it('are not counted as new', async () => {
    const loose = new LooseObjects(await foreignFolder());
    const files = [await stored(first)];
    expect(asOtherUser(() => loose.place(files))).toBe(0);
  });
});

it('writes objects so that they are on the disk, also when they were in their files before', async () => {
  const folder = await temporaryFolder();
  const loose = new LooseObjects(folder);
  await mkdir(join(folder, first.id.slice(0, 2)));
  loose.place([await stored(first)]);
  const synced: string[] = [];
  beforeSync((path) => synced.push(path));
  expect(await loose.write([first])).toBe(0);
  expect(synced).toContain(join(folder, first.id.slice(0, 2), first.id.slice(2)));
});
