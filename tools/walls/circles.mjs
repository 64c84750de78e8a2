/**
 * Finds folders of an app or library that import each other, and files that do, directly or around a circle:
 *
 *   node tools/walls/circles.mjs
 *
 * Type imports count: who reads one file of a circle has to read all of them.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { importsWithin, projectRoots } from './import-graph.mjs';

/**
 * Neighbouring folders, at any depth, whose files import each other.
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {string[]} e.g. `apps/a/src/git <-> apps/a/src/project`
 */
export function mutualFolders(imports) {
  const arrows = new Set(
    [...imports].flatMap(([file, targets]) =>
      targets.map((target) => foldersApart(file, target)).filter((arrow) => arrow !== undefined),
    ),
  );
  return [...arrows]
    .map((arrow) => arrow.split(' -> '))
    .filter(([from = '', to = '']) => from < to && arrows.has(`${to} -> ${from}`))
    .map((pair) => pair.join(' <-> '))
    .sort();
}

/**
 * The two neighbouring folders between which an import goes, if any.
 *
 * @param {string} file
 * @param {string} target
 */
function foldersApart(file, target) {
  const from = file.split('/');
  const to = target.split('/');
  const depth = from.findIndex((name, index) => name !== to[index]);
  const areFolders = depth >= 0 && depth < from.length - 1 && depth < to.length - 1;
  return areFolders ? `${from.slice(0, depth + 1).join('/')} -> ${to.slice(0, depth + 1).join('/')}` : undefined;
}

/**
 * Files that import each other around a circle (Tarjan's strongly connected components).
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {string[]} e.g. `a.ts, b.ts`
 */
export function fileCircles(imports) {
  /** @type {Map<string, { index: number, low: number, isOpen: boolean }>} */
  const visits = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[]} */
  const circles = [];

  const visit = (/** @type {string} */ file) => {
    const own = { index: visits.size, low: visits.size, isOpen: true };
    visits.set(file, own);
    path.push(file);
    for (const target of imports.get(file) ?? []) {
      const seen = visits.get(target);
      if (seen === undefined) own.low = Math.min(own.low, visit(target));
      else if (seen.isOpen) own.low = Math.min(own.low, seen.index);
    }
    if (own.low === own.index) {
      const members = path.splice(path.indexOf(file));
      for (const member of members) Object.assign(visits.get(member) ?? {}, { isOpen: false });
      if (members.length > 1) circles.push(members.sort().join(', '));
    }
    return own.low;
  };
  for (const file of imports.keys()) if (!visits.has(file)) visit(file);
  return circles.sort();
}

/** @returns {{ folders: string[], circles: string[] }} of every app and library */
export function circlesOfTheWorkspace() {
  const graphs = projectRoots().map((root) => importsWithin(root));
  return { folders: graphs.flatMap(mutualFolders), circles: graphs.flatMap(fileCircles) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { folders, circles } = circlesOfTheWorkspace();
  for (const found of [...folders, ...circles]) console.log(found);
  console.log(`${folders.length} mutual folder pairs, ${circles.length} file circles`);
  process.exitCode = folders.length + circles.length === 0 ? 0 : 1;
}
