/**
 * Lays out what the container images of projects hold: the packages that each needs at run time, and its bundle.
 *
 *   node tools/container/assemble.mjs /runtime apps/api-service ...
 *
 * makes /runtime/api-service/packages, which changes with the lock file, and /runtime/api-service/bundle, which changes with
 * the sources: two layers of the image. Modification times are fixed, so that the same files make the same layers.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { bundleOf } from '../build.mjs';
import { buildPages } from '../web-bundle.mjs';
import { runtimePackages } from './runtime-packages.mjs';

/** What packages bring along for people and compilers; licences stay. */
const FILES_NOT_FOR_RUNNING = /\.(?:map|md|markdown|ts|mts|cts|flow|tsbuildinfo)$/i;

/** The same of folders, where they stand directly in the package's own. */
const FOLDERS_NOT_FOR_RUNNING = /^(?:test|tests|__tests__|docs|benchmarks?|examples?|\.github)$/;

/** The date that npm gives to the files of its packages, in seconds since 1970. */
const FIXED_TIME = Date.UTC(1985, 9, 26, 8, 15) / 1000;

const [target, ...projectRoots] = process.argv.slice(2);
if (
  target === undefined ||
  projectRoots.length === 0 ||
  !projectRoots.every((root) => existsSync(join(root, 'project.json')))
) {
  console.error('usage: node tools/container/assemble.mjs <target folder> <project root>...');
  process.exit(2);
}

/** @type {{ packages: import('./runtime-packages.mjs').LockedPackages }} */
const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const projectRoot of projectRoots) {
  await assemble(projectRoot, join(target, basename(projectRoot)));
}

/**
 * @param {string} projectRoot
 * @param {string} folder
 */
async function assemble(projectRoot, folder) {
  const packagesFolder = join(folder, 'packages');
  const bundleFolder = join(folder, 'bundle');
  const imports = await bundle(projectRoot, bundleFolder);
  await buildPages(projectRoot, bundleFolder);
  writeFileSync(join(bundleFolder, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  mkdirSync(packagesFolder, { recursive: true });
  for (const path of runtimePackages(imports, locked, process.cwd())) {
    cpSync(path, join(packagesFolder, path), { recursive: true, filter: isForRunning(path) });
  }
  fixTimes(folder);
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Promise<string[]>} the packages that the bundle imports
 */
async function bundle(root, folder) {
  const { input, output } = bundleOf(root);
  const build = await rolldown(input);
  const { output: files } = await build.write({ ...output, dir: folder });
  await build.close();
  return files
    .flatMap((file) => (file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : []))
    .filter((name) => !name.startsWith('node:') && !files.some(({ fileName }) => fileName === name));
}

/**
 * @param {string} packageFolder
 * @returns {(path: string) => boolean} nested packages are found on their own
 */
function isForRunning(packageFolder) {
  return (path) => {
    const name = basename(path);
    const isOwnFolder = dirname(path) === packageFolder;
    return (
      path === packageFolder ||
      !(
        name === 'node_modules' ||
        FILES_NOT_FOR_RUNNING.test(name) ||
        (isOwnFolder && FOLDERS_NOT_FOR_RUNNING.test(name))
      )
    );
  };
}

/** @param {string} folder */
function fixTimes(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      fixTimes(path);
    } else {
      utimesSync(path, FIXED_TIME, FIXED_TIME);
    }
  }
  utimesSync(folder, FIXED_TIME, FIXED_TIME);
}
