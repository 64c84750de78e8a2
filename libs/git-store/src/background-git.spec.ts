import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runGitInBackground } from './background-git';
import { GitUnusable } from './git-store.errors';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'background-git-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Stands for a git command that takes very long: it notes its process id. */
async function endlessGit(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'git'),
    `#!/bin/sh\necho $$ > ${folder}/pid.new\nmv ${folder}/pid.new ${folder}/pid\nexec sleep 100\n`,
  );
  await chmod(join(bin, 'git'), 0o755);
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

async function processOf(folder: string): Promise<number> {
  await vi.waitFor(() => access(join(folder, 'pid')), { timeout: 10_000 });
  return Number(await readFile(join(folder, 'pid'), 'utf8'));
}

async function untilGone(pid: number): Promise<void> {
  await vi.waitFor(() => {
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, PATIENCE);
}

it('returns what the command prints, or says why it failed', async () => {
  const folder = await temporaryFolder();
  execFileSync('git', ['init', '-q', '--bare', folder]);
  const { signal } = new AbortController();
  expect((await runGitInBackground(folder, ['symbolic-ref', 'HEAD'], signal)).toString()).toMatch(/^refs\/heads\//);
  await expect(runGitInBackground(folder, ['cat-file', '-t', 'none'], signal)).rejects.toThrow(
    'Not a valid object name',
  );
});

it('ends the command when it is told to stop', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('PATH', await endlessGit(folder));
  const controller = new AbortController();
  const running = runGitInBackground(folder, ['repack'], controller.signal);
  const pid = await processOf(folder);
  controller.abort();
  await expect(running).rejects.toThrow(GitUnusable);
  await untilGone(pid);
});

it('ends the command when its own process is killed', async () => {
  const folder = await temporaryFolder();
  const PATH = await endlessGit(folder);
  const input = fileURLToPath(new URL('./background-git.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node' });
  await bundle.write({ file: join(folder, 'background-git.mjs'), format: 'esm' });
  await bundle.close();
  const call = `await runGitInBackground('.', ['repack'], new AbortController().signal)`;
  const script = `import { runGitInBackground } from '${folder}/background-git.mjs'; ${call};`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { env: { PATH }, stdio: 'ignore' });
  const ended = once(parent, 'exit');
  const pid = await processOf(folder);
  parent.kill('SIGKILL');
  await ended;
  await untilGone(pid);
});
