import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';
import { runBlocks, shellBlocksOf } from './tutorial-blocks';

/** Many processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 240_000;

let system: LaunchedSystem;
let blocks: readonly string[];
let prometheusPort: number;

beforeAll(async () => {
  blocks = await shellBlocksOf('docs/tutorials/quality-gate.md');
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

async function outputs(commands: readonly string[]): Promise<readonly string[]> {
  const run = await runBlocks(commands.map(withPorts), system.launch.dataFolder);
  const failures = run.stderr.replaceAll(/^Error: the evaluation .*\n/gm, '');
  expect([run.exitCode, failures], run.outputs.join('\n')).toEqual([0, '']);
  return run.outputs;
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
