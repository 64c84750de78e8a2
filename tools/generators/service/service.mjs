/**
 * Makes a service of the control plane that builds, is served and tested, and has an image and a manifest:
 *
 *   npx nx generate ./tools/generators/generators.json:service shipyard-controller --description "Decides what follows"
 */
import { join } from 'node:path';
import { generateFiles, names, readJson, updateJson } from '@nx/devkit';
import { format } from 'oxfmt';
import { ENTRIES } from './entries.mjs';

/** @typedef {{ name: string, description: string, portOffset?: number }} Service */
/** @typedef {{ name: string, portOffset: number }} CatalogEntry */

const CATALOG = 'libs/service-catalog/src/services.json';

/** What `npm run format` would change. */
const FORMATTED = /\.(?:json|md|mjs|ts|yaml)$/;

/** Its tests start every service as it is built. */
const E2E = 'tools/e2e/project.json';

/**
 * @param {import('@nx/devkit').Tree} tree
 * @param {Service} service
 */
export default async function generateService(tree, { name, description, portOffset }) {
  if (tree.exists(`apps/${name}`)) {
    throw new Error(`apps/${name} exists already`);
  }
  const { className, propertyName } = names(name);
  generateFiles(tree, join(import.meta.dirname, 'files'), '.', { name, description, className, propertyName });
  updateJson(tree, CATALOG, (/** @type {CatalogEntry[]} */ services) => [
    ...services,
    {
      name,
      description,
      portOffset: portOffset ?? Math.max(...services.map((service) => service.portOffset)) + 1,
      processGroup: 'front',
      apiPath: `/api/${name}`,
    },
  ]);
  updateJson(tree, E2E, (/** @type {{ implicitDependencies: string[] }} */ project) => ({
    ...project,
    implicitDependencies: [...project.implicitDependencies, name].sort(),
  }));
  for (const entry of ENTRIES) {
    enter(tree, entry, { name, description, propertyName });
  }
  await formatChanges(tree);
}

/** @param {import('@nx/devkit').Tree} tree */
async function formatChanges(tree) {
  const { $schema, ignorePatterns, ...options } = readJson(tree, '.oxfmtrc.json');
  for (const { path, content } of tree.listChanges()) {
    if (content !== null && FORMATTED.test(path)) {
      tree.write(path, (await format(path, content.toString(), options)).code);
    }
  }
}

/**
 * @param {import('@nx/devkit').Tree} tree
 * @param {import('./entries.mjs').Entry} entry
 * @param {import('./entries.mjs').Names} names
 * @throws when the file does not hold `before` exactly once, so that nothing is entered at random
 */
function enter(tree, { file, before, text, unless }, names) {
  const content = tree.read(file, 'utf8') ?? '';
  if (unless !== undefined && content.includes(unless(names))) {
    return;
  }
  if (before === '') {
    tree.write(file, content + text(names));
    return;
  }
  const [head, tail, ...more] = content.split(before);
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`${file} does not hold ${JSON.stringify(before)} once; see tools/generators/service/entries.mjs`);
  }
  tree.write(file, head + text(names) + before + tail);
}
