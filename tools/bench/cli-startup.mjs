/**
 * How long the keptn command takes to start, against `node -e 0` in the same run: medians of the wall
 * time. The candidates take turns, so that whatever else runs disturbs all alike.
 *
 *   npm run bench:cli-startup
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const ROUNDS = 31;
const COMMAND = 'dist/apps/cli/keptn.js';

/** @type {Record<string, string[]>} */
const CANDIDATES = {
  'node -e 0': ['-e', '0'],
  'keptn version --client': [COMMAND, 'version', '--client'],
  'keptn create project --help': [COMMAND, 'create', 'project', '--help'],
};

/** @param {number[]} values */
const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** @param {string[]} words @returns {number} milliseconds */
function wallOf(words) {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, words, { stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(`node ${words.join(' ')} ended with ${status}: is it built? (npx nx build cli)`);
  }
  return performance.now() - startedAt;
}

const walls = new Map(Object.keys(CANDIDATES).map((name) => [name, /** @type {number[]} */ ([])]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, words] of Object.entries(CANDIDATES)) {
    walls.get(name)?.push(wallOf(words));
  }
}

const baseline = median(walls.get('node -e 0') ?? []);
for (const [name, values] of walls) {
  const wall = median(values);
  console.log(
    `${name.padEnd(30)} ${wall.toFixed(1).padStart(7)} ms   ${(wall / baseline).toFixed(2)} x node   +${(wall - baseline).toFixed(1)} ms`,
  );
}
