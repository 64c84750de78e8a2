import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { packTgz, readTar, readTgz, TarWriter, type UnpackedEntry } from '.';

const LIMITS = { maxBytes: 1024, maxEntries: 3 };

type Entry = Partial<Header> & { readonly name: string };

async function tarOf(...entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) {
    tar.entry(entry, entry.type === undefined ? 'content' : '');
  }
  tar.finalize();
  return buffer(tar);
}

async function unpack(archive: Buffer): Promise<UnpackedEntry[]> {
  const entries: UnpackedEntry[] = [];
  for await (const entry of readTgz(archive, LIMITS)) {
    entries.push(entry);
  }
  return entries;
}
const unpackEntries = async (...entries: readonly Entry[]) => unpack(gzipSync(await tarOf(...entries)));

describe('packTgz', () => {
  it('makes the same bytes of the same files, with paths that begin with the folder', async () => {
    const files = [{ path: 'Chart.yaml', content: Buffer.from('name: carts') }];
    const archive = await packTgz('carts', files);
    expect(await packTgz('carts', files)).toEqual(archive);
    expect(await unpack(archive)).toEqual([{ path: 'carts/Chart.yaml', content: Buffer.from('name: carts') }]);
  });
});

describe('readTgz', () => {
  it('reads the paths of archives that were made in their folder as those of others', async () => {
    const entries = await unpackEntries(
      { name: './', type: 'directory' },
      { name: './carts/', type: 'directory' },
      { name: '././carts/x' },
    );
    expect(entries).toEqual([{ path: 'carts' }, { path: 'carts/x', content: Buffer.from('content') }]);
  });

  it.each<[string, Entry[], string]>([
    ['an absolute path', [{ name: '/etc/passwd' }], '"/etc/passwd" is an absolute path'],
    ['a path that leads out', [{ name: 'carts/../../x' }], '"carts/../../x" leads out of the archive'],
    ['a link', [{ name: 'carts/x', type: 'symlink', linkname: '/' }], '"carts/x" is a symlink'],
    ['too many files', ['a', 'b', 'c', 'd'].map((name) => ({ name })), 'it has more than 3 entries'],
  ])('refuses %s', async (_what, entries, reason) => {
    await expect(unpackEntries(...entries)).rejects.toThrow(reason);
  });

  it('refuses what is too large, is no gzip, or was cut off', async () => {
    await expect(unpack(gzipSync(Buffer.alloc(64 * 1024)))).rejects.toThrow('larger than');
    await expect(unpack(Buffer.from('name: carts'))).rejects.toThrow('it is not in gzip format, or damaged');
    const cut = gzipSync((await tarOf({ name: 'carts/x' })).subarray(0, 515));
    await expect(unpack(cut)).rejects.toThrow('it is damaged');
  });
});

describe('readTar', () => {
  it('reads what TarWriter writes, as streams', async () => {
    const target = new PassThrough();
    const writer = new TarWriter(target);
    const reading = (async () => {
      const files: Record<string, Buffer> = {};
      for await (const { path, content } of readTar(target)) {
        files[path] = await buffer(content);
      }
      return files;
    })();
    await writer.addFile('this.spec.ts', import.meta.filename);
    writer.addText('end.json', '{}');
    await writer.finish();
    expect(await reading).toEqual({
      'this.spec.ts': await readFile(import.meta.filename),
      'end.json': Buffer.from('{}'),
    });
  });

  it('fails when its source does', async () => {
    const source = new Readable({ read: () => source.destroy(new Error('the disk is gone')) });
    await expect(Readable.from(readTar(source)).toArray()).rejects.toThrow('the disk is gone');
  });
});
