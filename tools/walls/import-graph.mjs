import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Top folder of the workspace. */
export const WORKSPACE = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Tests may reach across what production code may not. */
export const isTest = (/** @type {string} */ file) => /\.spec\.tsx?$|\/test\//.test(file);

/**
 * What a module specifier names: a path in the workspace without its extension, or a package.
 *
 * @param {string} specifier e.g. `../event/event.errors`, `@keptn/auth`, `mongoose`
 * @param {string} file path in the workspace of the file that imports
 */
export const targetOf = (specifier, file) =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier).replace(/\.(?:tsx?|m?js)$/, '') : specifier;

/**
 * The relative imports between the sources of one project, type imports included.
 *
 * @param {string} projectRoot e.g. `apps/api-service`
 * @param {string} [workspace]
 * @returns {Map<string, string[]>} the files that each file imports
 */
export function importsWithin(projectRoot, workspace = WORKSPACE) {
  const folder = posix.join(projectRoot, 'src');
  const files = readdirSync(join(workspace, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, file))
    .filter((file) => /\.tsx?$/.test(file) && !isTest(file))
    .sort();
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(workspace, file), 'utf8'), true, true);
      const targets = importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => sourceOf(targetOf(fileName, file), workspace))
        .filter((target) => target !== undefined);
      return [file, targets];
    }),
  );
}

/** @param {string} target @param {string} workspace */
const sourceOf = (target, workspace) =>
  [`${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((path) => {
    const absolute = join(workspace, path);
    return existsSync(absolute) && statSync(absolute).isFile();
  });

/** @param {string} [workspace] @returns {string[]} roots of all apps and libraries */
export const projectRoots = (workspace = WORKSPACE) =>
  ['apps', 'libs']
    .flatMap((group) => readdirSync(join(workspace, group)).map((name) => posix.join(group, name)))
    .filter((root) => existsSync(join(workspace, root, 'src')));
