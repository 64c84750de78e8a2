/**
 * Programs that some tests need and that a developer's machine may lack. A spec whose name ends in `.needs-<program>.spec.ts`
 * is left out of a run when its program is missing; with TEST_PROGRAMS=required, as in CI, that is an error instead.
 * `node tools/vitest/test-programs.mjs` prints the Debian packages of those that are missing.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {{ name: string, path: string, debianPackage: string, covers: string }} TestProgram */

/** @type {readonly TestProgram[]} */
const PROGRAMS = [
  { name: 'sshd', path: '/usr/sbin/sshd', debianPackage: 'openssh-server', covers: 'upstream repositories over SSH' },
  { name: 'chromium', path: '/usr/bin/chromium', debianPackage: 'chromium', covers: 'Swagger UI in a browser' },
];

/** @returns {TestProgram[]} those that are not installed */
export const missingPrograms = () => PROGRAMS.filter(({ path }) => !existsSync(path));

/** @returns {string[]} globs of the specs that cannot run here */
export const specsLeftOut = () => missingPrograms().map(({ name }) => `**/*.needs-${name}.spec.ts`);

/**
 * @param {TestProgram} program
 * @returns {string} one line for people
 */
export const describeMissing = ({ path, debianPackage, covers }) =>
  `Not tested: ${covers}, which needs ${path}: apt-get install --no-install-recommends ${debianPackage}`;

/** Ends the process with a line for each program that is missing although TEST_PROGRAMS=required. */
export function requirePrograms() {
  const missing = missingPrograms();
  if (process.env['TEST_PROGRAMS'] === 'required' && missing.length > 0) {
    console.error(missing.map(describeMissing).join('\n'));
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { debianPackage } of missingPrograms()) {
    console.log(debianPackage);
  }
}
