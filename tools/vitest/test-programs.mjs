/**
 * Programs that some tests need and that a developer's machine may lack. A spec whose name ends in `.needs-<program>.spec.ts`
 * is left out of a run when its program is missing; with TEST_PROGRAMS=required, as in CI, that is an error instead.
 * `node tools/vitest/test-programs.mjs` prints the commands that install those that are missing, one a line.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {{ name: string, paths: readonly string[], install: string, covers: string }} TestProgram */

/** @param {string} debianPackage */
const apt = (debianPackage) => `apt-get install --yes --no-install-recommends ${debianPackage}`;

/** @type {readonly TestProgram[]} */
const PROGRAMS = [
  {
    name: 'sshd',
    paths: ['/usr/sbin/sshd'],
    install: apt('openssh-server'),
    covers: 'upstream repositories over SSH',
  },
  { name: 'chromium', paths: ['/usr/bin/chromium'], install: apt('chromium'), covers: 'Swagger UI in a browser' },
  {
    name: 'kustomize',
    // The kubectl of Debian 12 is older than components; a kubectl from elsewhere is not.
    paths: ['/usr/local/bin/kustomize', '/usr/local/bin/kubectl', '/usr/bin/kubectl'],
    install: `${apt('golang-go')} && GOBIN=/usr/local/bin go install sigs.k8s.io/kustomize/kustomize/v5@v5.0.3`,
    covers: 'Kubernetes manifests',
  },
  {
    name: 'openssl',
    paths: ['/usr/bin/openssl'],
    install: apt('openssl'),
    covers: 'TLS: secrets in a cluster, the keptn command',
  },
  {
    name: 'prometheus',
    paths: ['/usr/bin/prometheus'],
    install: apt('prometheus'),
    covers: 'quality gates with values from Prometheus',
  },
  {
    name: 'nats-server',
    paths: ['/usr/sbin/nats-server', '/usr/local/bin/nats-server'],
    install: apt('nats-server'),
    covers: 'events over NATS',
  },
];

/** @returns {TestProgram[]} those that are not installed */
export const missingPrograms = () => PROGRAMS.filter(({ paths }) => !paths.some((path) => existsSync(path)));

/** @returns {string[]} globs of the specs that cannot run here */
export const specsLeftOut = () => missingPrograms().map(({ name }) => `**/*.needs-${name}.spec.ts`);

/**
 * @param {TestProgram} program
 * @returns {string} one line for people
 */
export const describeMissing = ({ name, install, covers }) => `Not tested: ${covers}, which needs ${name}: ${install}`;

/** Ends the process with a line for each program that is missing although TEST_PROGRAMS=required. */
export function requirePrograms() {
  const missing = missingPrograms();
  if (process.env['TEST_PROGRAMS'] === 'required' && missing.length > 0) {
    console.error(missing.map(describeMissing).join('\n'));
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { install } of missingPrograms()) {
    console.log(install);
  }
}
