/** Which installed npm packages a bundle needs to run, found through the lock file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} LockedPackage
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 *
 * @typedef {Record<string, LockedPackage>} LockedPackages by folder, e.g. `node_modules/pino`; the workspace itself is ''
 */

/** @param {string} specifier e.g. `@nestjs/core/router` */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * The folders of the packages that are reached from what a bundle imports. A package that another one uses only when it finds
 * it (an optional peer) counts when the workspace asks for it by name.
 *
 * @param {readonly string[]} imports what the bundle imports, e.g. `@nestjs/core`
 * @param {LockedPackages} locked the `packages` of package-lock.json
 * @param {string} workspace folder in which they are installed; what is made for other platforms is not there
 * @returns {string[]} e.g. `node_modules/pino`, sorted
 * @throws {Error} when a package is in no lock file
 */
export function runtimePackages(imports, locked, workspace) {
  const found = new Set();
  /** @type {{ name: string, from: string }[]} */
  const open = imports.map((specifier) => ({ name: packageOf(specifier), from: '' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = resolve(next.name, next.from, locked);
    if (folder === undefined) {
      throw new Error(`${next.name}, which ${next.from || 'the bundle'} needs, is not in package-lock.json`);
    }
    if (found.has(folder) || !existsSync(join(workspace, folder))) {
      continue;
    }
    found.add(folder);
    open.push(...needsOf(folder, locked).map((name) => ({ name, from: folder })));
  }
  return [...found].sort();
}

/**
 * @param {string} folder
 * @param {LockedPackages} locked
 * @returns {string[]} names
 */
function needsOf(folder, locked) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = locked[folder] ?? {};
  const askedFor = locked['']?.dependencies ?? {};
  const isNeeded = (/** @type {string} */ peer) => !peerDependenciesMeta?.[peer]?.optional || peer in askedFor;
  const optional = Object.keys(optionalDependencies ?? {}).filter(
    (name) => resolve(name, folder, locked) !== undefined,
  );
  return [...Object.keys(dependencies ?? {}), ...optional, ...Object.keys(peerDependencies ?? {}).filter(isNeeded)];
}

/**
 * Finds a package as Node does: in the folder of the one that asks, then in those above it.
 *
 * @param {string} name
 * @param {string} from folder of the package that asks
 * @param {LockedPackages} locked
 * @returns {string | undefined}
 */
function resolve(name, from, locked) {
  const place = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (place in locked) {
    return place;
  }
  if (from === '') {
    return undefined;
  }
  return resolve(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), locked);
}
