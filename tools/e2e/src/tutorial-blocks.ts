import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

const WORKSPACE = join(import.meta.dirname, '../../..');

/** Printed between the outputs of two blocks. */
const END = '=== end';

/** The shell commands of a page, block by block. @param page path in the workspace */
export async function shellBlocksOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(WORKSPACE, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());
}

export interface ShellRun {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** What each block printed. */
  readonly outputs: readonly string[];
}

/** Runs blocks in one shell, as a person does who copies them one after the other. @param dataFolder of the system, and home */
export async function runBlocks(blocks: readonly string[], dataFolder: string): Promise<ShellRun> {
  const script = ['set -euo pipefail', `trap 'kill $(jobs -p) 2> /dev/null || true' EXIT`, ...blocks];
  const shell = spawn('bash', ['-c', script.join(`\necho "${END}"\n`)], {
    cwd: WORKSPACE,
    env: { ...process.env, HOME: dataFolder, KEPTN_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(shell, 'close');
  return { exitCode: shell.exitCode, stderr, outputs: stdout.split(`${END}\n`).slice(2) };
}
