/** `npm test`: installs what is missing, then has Nx build everything, run every test, and check format, lint and types. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { installPackages, requireNode, start, workspace } from './prepare.mjs';
import { requirePrograms } from './vitest/test-programs.mjs';

/** What Vitest found, in this run or in the one that Nx has in its cache. */
const results = join(workspace, 'dist', 'test-results.json');

/** The last line of the run. Nothing when Vitest ended before it had results. */
function printTotals() {
  if (!existsSync(results)) {
    return;
  }
  /** @type {{ numPassedTests: number, numFailedTests: number }} */
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
}

requireNode();
requirePrograms();
installPackages();
rmSync(results, { force: true });
const checks = start('nx', ['run-many', '--targets=format,lint,types'], { quietly: true });
// Tests often wait for something: the checks take what they leave of the processors.
if (checks.pid !== undefined) setPriority(checks.pid, constants.priority.PRIORITY_LOW);
const tested = await start('nx', ['test-all', 'workspace']).ended;
const checked = await checks.ended;
process.stdout.write(checks.output());
printTotals();
process.exit(Math.max(tested, checked));
