/** `npm test`: installs what is missing, then has Nx check format, lint and types, build everything and run every test. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { exitCodeOf, installPackages, linkCommand, requireNode, run, workspace } from './prepare.mjs';
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
linkCommand();
rmSync(results, { force: true });
run('nx', ['run-many', '--targets=format,lint,types,build']);
const exitCode = exitCodeOf('nx', ['test-all', 'workspace']);
printTotals();
process.exit(exitCode);
