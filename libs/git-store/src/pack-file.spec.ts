import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type NamedObject, nameObject, type StoredObject } from './git-object';
import { packEntry, packFile } from './pack-file';

const bodies = fc.uniqueArray(fc.uint8Array({ maxLength: 40_000, size: 'max' }), {
  minLength: 1,
  maxLength: 30,
  selector: (body) => Buffer.from(body).toString('latin1'),
});

const stored = (objects: readonly NamedObject[]): Promise<StoredObject[]> =>
  Promise.all(objects.map(async (object) => ({ id: object.id, bytes: await packEntry(object) })));

function emptyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pack-file-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  execFileSync('git', ['init', '--quiet', '--bare', folder]);
  return folder;
}

it('is read by Git, which finds each object in it', async () => {
  const folder = emptyRepository();
  const git = (args: readonly string[], input = ''): Buffer => execFileSync('git', ['-C', folder, ...args], { input });
  await fc.assert(
    fc.asyncProperty(bodies, async (contents) => {
      const blobs = contents.map((content) => nameObject('blob', Buffer.from(content)));
      const { name, pack, index } = packFile(await stored(blobs));
      const path = join(folder, 'objects/pack', name);
      writeFileSync(`${path}.pack`, pack);
      writeFileSync(`${path}.idx`, index);
      git(['verify-pack', `${path}.idx`]);
      git(['index-pack', '--verify', `${path}.pack`]);
      for (const { id, body } of blobs) expect(git(['cat-file', 'blob', id]).equals(body)).toBe(true);
      for (const ending of ['idx', 'pack']) rmSync(`${path}.${ending}`);
    }),
    { numRuns: 20 },
  );
});

it('has one name for the same objects in any order', async () => {
  const objects = await stored(['a', 'b', 'c'].map((text) => nameObject('blob', Buffer.from(text))));
  expect(packFile(objects.toReversed()).name).toBe(packFile(objects).name);
  expect(packFile(objects.slice(1)).name).not.toBe(packFile(objects).name);
});
