import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { cp, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Change, StorageFailed, StorageFull } from '../src/index';
import { createProject, fsck, git, openStore, put } from './store-fixture';

const message = 'Changed resources';

/** A file system of its own, which needs the rights to mount one. */
function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'git-store-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
  rmdirSync(folder);
}

const probe = mount();
if (probe !== undefined) unmount(probe);

function disk(): string {
  const folder = mount();
  if (folder === undefined) throw new Error('Cannot mount');
  onTestFinished(() => {
    unmount(folder);
  });
  return folder;
}

/** Takes all space that is left. */
async function fill(folder: string): Promise<string> {
  const file = join(folder, 'filler');
  const handle = await open(file, 'w');
  for (const size of [65_536, 1]) {
    try {
      for (;;) await handle.write(Buffer.alloc(size));
    } catch {
      // Full.
    }
  }
  await handle.close();
  return file;
}

async function leftovers(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.lock$|(^|\/)\.?tmp|\.new-|pending-commit/.test(name));
}

const random = (path: string): Change => ({ path, content: randomBytes(9_000) });

describe.runIf(probe !== undefined)('a disk (where this user may mount one)', () => {
  it('that is full refuses writes, serves reads, and takes writes again when it has space', async () => {
    const folder = disk();
    const store = await openStore({ folder, cacheBytes: 0 });
    const project = await createProject(store);
    await project.commit('dev', { changes: [put('a', 'kept')], message });
    const head = project.head('dev');
    const filler = await fill(folder);
    const many = Array.from({ length: 120 }, (_, index) => random(`many/${index}`));
    const both = ['dev', 'prod'].map((branch) => ({ branch, changes: [random('both')], message }));
    const attempts = [
      () => project.commit('dev', { changes: [random('b')], message }),
      () => project.commit('dev', { changes: many, message }),
      () => project.commitBranches(both),
      () => project.createBranch('next', { from: 'dev' }),
      () => store.createRepository('other', { branches: [{ branch: 'master', changes: [random('c')] }] }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(StorageFull);
    expect(project.head('dev')).toBe(head);
    expect((await project.readFile({ branch: 'dev', path: 'a' })).content.toString()).toBe('kept');
    expect(await leftovers(folder)).toEqual([]);
    await unlink(filler);
    for (const attempt of attempts) await attempt();
    expect(project.branches()).toEqual(['dev', 'master', 'next', 'prod']);
    await fsck(project);
  });

  it.each([
    ['a commit', 1],
    ['a group of commits', 12],
  ])(
    'that is full at a start with %s in the journal serves reads, and finishes it before the next write',
    async (_name, count) => {
      const folder = disk();
      const store = await openStore({ folder });
      const { folder: project } = await createProject(store);
      const commits = Array.from({ length: count }, (_, index) => ({ changes: [put(`a/${index}`, 'kept')], message }));
      await Promise.all(commits.map((commit) => store.repository('project').commit('dev', commit)));
      const journal = join(project, 'keptn-journal');
      await cp(journal, `${journal}-copy`, { recursive: true });
      await store.close();
      await rm(journal, { recursive: true });
      await rename(`${journal}-copy`, journal);
      const filler = await fill(folder);
      const next = (await openStore({ folder, cacheBytes: 0 })).repository('project');
      const readAll = async (): Promise<void> => {
        for (let index = 0; index < count; index++) {
          expect((await next.readFile({ branch: 'dev', path: `a/${index}` })).content.toString()).toBe('kept');
        }
      };
      await readAll();
      await expect(next.commit('dev', { changes: [put('b', '1')], message })).rejects.toThrow(StorageFull);
      expect([await readdir(journal), await leftovers(folder)]).toEqual([['1'], []]);
      await unlink(filler);
      expect((await next.commit('dev', { changes: [put('b', '1')], message })).changed).toBe(true);
      await readAll();
      await fsck(next);
    },
  );

  it('that is filled by packing is given its space back', async () => {
    const folder = disk();
    const project = await createProject(await openStore({ folder }));
    for (let file = 0; file < 60; file++) await project.commit('dev', { changes: [random(`f${file}`)], message });
    const filler = await fill(folder);
    await expect(project.maintain()).rejects.toThrow(StorageFull);
    expect(await leftovers(folder)).toEqual([]);
    await unlink(filler);
    await project.maintain();
    await fsck(project);
  });

  it('that is read-only refuses writes and serves reads until it is mended', async () => {
    const folder = disk();
    const store = await openStore({ folder, cacheBytes: 0 });
    const project = await createProject(store);
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    await expect(project.commit('dev', { changes: [put('b', '1')], message })).rejects.toThrow(StorageFailed);
    await expect(project.deleteBranch('prod')).rejects.toThrow(StorageFailed);
    await expect(store.deleteRepository('project')).rejects.toThrow(StorageFailed);
    await expect(store.createRepository('other', { branches: [{ branch: 'master' }] })).rejects.toThrow(StorageFailed);
    expect(await project.hasFile({ branch: 'dev', path: 'metadata.yaml' })).toBe(true);
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    expect((await project.commit('dev', { changes: [put('b', '1')], message })).changed).toBe(true);
    expect((await git(project, 'for-each-ref', '--format=%(refname:short)')).trim()).toBe('dev\nmaster\nprod');
  });
});
