import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LockedPackages, runtimePackages } from './runtime-packages.mjs';

describe('the packages that a bundle needs at run time', () => {
  let workspace: string;

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'runtime-packages-'));
  });

  afterEach(() => rm(workspace, { recursive: true, force: true }));

  const packagesOf = async (imports: string[], locked: LockedPackages, absent: string[] = []): Promise<string[]> => {
    const installed = Object.keys(locked).filter((folder) => folder !== '' && !absent.includes(folder));
    await Promise.all(installed.map((folder) => mkdir(join(workspace, folder), { recursive: true })));
    return runtimePackages(imports, locked, workspace);
  };

  it('are those that it imports, and what they depend on', async () => {
    const locked = {
      '': { dependencies: { a: '1', unused: '1' } },
      'node_modules/a': { dependencies: { b: '1' } },
      'node_modules/b': {},
      'node_modules/unused': {},
    };
    expect(await packagesOf(['a/some/file.js'], locked)).toEqual(['node_modules/a', 'node_modules/b']);
  });

  it('are found where Node finds them: beside the one that asks, before those above it', async () => {
    const locked = {
      'node_modules/@scope/a': { dependencies: { b: '1' } },
      'node_modules/@scope/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/b': {},
      'node_modules/c': {},
    };
    expect(await packagesOf(['@scope/a/entry'], locked)).toEqual([
      'node_modules/@scope/a',
      'node_modules/@scope/a/node_modules/b',
      'node_modules/c',
    ]);
  });

  it('leave out what was made for another platform', async () => {
    const locked = {
      'node_modules/a': { optionalDependencies: { 'a-darwin': '1', 'a-linux': '1' } },
      'node_modules/a-darwin': {},
      'node_modules/a-linux': {},
    };
    expect(await packagesOf(['a'], locked, ['node_modules/a-darwin'])).toEqual([
      'node_modules/a',
      'node_modules/a-linux',
    ]);
  });

  it('include peers, and optional peers that the workspace asks for', async () => {
    const locked = {
      '': { dependencies: { a: '1', wanted: '1' } },
      'node_modules/a': {
        peerDependencies: { must: '1', wanted: '1', other: '1' },
        peerDependenciesMeta: { wanted: { optional: true }, other: { optional: true } },
      },
      'node_modules/must': {},
      'node_modules/wanted': {},
      'node_modules/other': {},
    };
    expect(await packagesOf(['a'], locked)).toEqual(['node_modules/a', 'node_modules/must', 'node_modules/wanted']);
  });

  it('must be in the lock file', async () => {
    await expect(packagesOf(['a'], { 'node_modules/a': { dependencies: { b: '1' } } })).rejects.toThrow(
      'b, which node_modules/a needs, is not in package-lock.json',
    );
  });
});
