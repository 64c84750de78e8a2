import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { type Change, GitStore, type GitStoreOptions, type Repository } from '../src/index';

const execute = promisify(execFile);

export const identity = { name: 'keptn', email: 'keptn@keptn.example' };

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'git-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that is closed after the test. */
export async function openStore(options: Partial<GitStoreOptions> = {}): Promise<GitStore> {
  const folder = options.folder ?? (await temporaryFolder());
  const store = await GitStore.open({ identity, ...options, folder });
  onTestFinished(() => store.close());
  return store;
}

/** A repository `project` with `master`, `dev` and `prod`. */
export async function createProject(store: GitStore): Promise<Repository> {
  return await store.createRepository('project', {
    branches: [
      { branch: 'master', changes: [put('metadata.yaml', 'projectname: project\n')], message: 'Added metadata.yaml' },
      { branch: 'dev', from: 'master' },
      { branch: 'prod', from: 'master' },
    ],
  });
}

export function put(path: string, content: string): Change {
  return { path, content: Buffer.from(content) };
}

/** What the real Git prints for a repository. */
export async function git(repository: { readonly folder: string }, ...args: string[]): Promise<string> {
  const options = { encoding: 'utf8' as const, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await execute('git', ['--git-dir', repository.folder, ...args], options);
  return stdout;
}

/** Throws when Git finds anything wrong. Unreachable objects are no fault. */
export async function fsck(repository: { readonly folder: string }): Promise<void> {
  await git(repository, 'fsck', '--full', '--strict', '--no-dangling');
}
