import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from './free-ports';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const WORKSPACE = join(import.meta.dirname, '../../..');
const PAGE = join(WORKSPACE, 'docs/tutorials/quality-gate.md');

/** Many processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 240_000;

let system: LaunchedSystem;
let blocks: readonly string[];
let prometheusPort: number;

beforeAll(async () => {
  const page = await readFile(PAGE, 'utf8');
  blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());
  prometheusPort = await findFreePorts(1);
  const prometheus = { PROMETHEUS_URL: `http://localhost:${prometheusPort}`, SLI_PROVIDER: 'prometheus' };
  system = await startSystem(await newLaunch(prometheus));
}, TIMEOUT_MS);

afterAll(async () => {
  await system.killEverything();
  await removeData(system.launch);
});

/** With ports that are free here. */
const withPorts = (text: string): string =>
  text
    .replaceAll('localhost:9090', `localhost:${prometheusPort}`)
    .replaceAll('localhost:8080', `localhost:${system.launch.firstPort}`)
    .replaceAll('localhost:8083', `localhost:${system.launch.firstPort + 3}`);

/** Runs the blocks in one shell, as a person does who copies them one after the other. @returns what each printed */
async function outputs(commands: readonly string[]): Promise<readonly string[]> {
  const script = ['set -euo pipefail', `trap 'kill $(jobs -p)' EXIT`, ...commands.map(withPorts)].join(
    '\necho "=== end"\n',
  );
  const { dataFolder } = system.launch;
  const shell = spawn('bash', ['-c', script], {
    cwd: WORKSPACE,
    env: { ...process.env, HOME: dataFolder, KEPTN_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(shell, 'close');
  expect([shell.exitCode, stderr.replaceAll(/^Error: the evaluation .*\n/gm, '')], stdout).toEqual([0, '']);
  return stdout.split('=== end\n').slice(2);
}

describe('the tutorial on quality gates', () => {
  it(
    'works as it says, block by block',
    async () => {
      const [start, ...commands] = blocks;
      expect(start).toBe('PROMETHEUS_URL=http://localhost:9090 SLI_PROVIDER=prometheus npm start');
      const [, , , , first, second, preview, strict] = await outputs(commands);
      expect(first).toMatch(/availability +100 +=100 +- +- +1\/1 +pass \(key\)/);
      expect(first).toContain('pass: score 100 of 100, pass from 90');
      expect(second).toContain('### Quality gate: pass (score 100)');
      expect(second).toMatch(/pass +100 +=.*build=2/);
      expect(preview?.match(/pass +100 +warning +50/g)).toHaveLength(2);
      expect(strict).toContain('the gate is closed: 8');
    },
    TIMEOUT_MS,
  );
});
