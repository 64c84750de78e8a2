/** The licenses of the npm packages in a bundle, which have to come with every copy of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** Code that the bundler itself puts in has no path of its package. */
const FROM_BUNDLER = /^\0?(rolldown|@oxc-project[/+]runtime)\b/;

/**
 * @param {readonly string[]} moduleIds paths of the modules, as the bundler reports them
 * @returns {string} a text with name, version and license of each package
 * @throws {Error} when a package has no license file
 */
export function thirdPartyLicenses(moduleIds) {
  const sections = packageFolders(moduleIds).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return [`${name} ${version} (${license})`, ...licenseTexts(name, folder)].join('\n\n');
  });
  return ['This program contains the following packages, each under its own license.', ...sections, ''].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

/** @param {readonly string[]} moduleIds @returns {string[]} */
function packageFolders(moduleIds) {
  const folders = moduleIds.flatMap((id) => {
    const bundler = FROM_BUNDLER.exec(id)?.[1]?.replace('+', '/');
    return bundler === undefined
      ? (/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/').replace(/^\0/, ''))?.[0] ?? [])
      : join('node_modules', bundler);
  });
  return [...new Set(folders)].filter((folder) => existsSync(folder)).toSorted();
}

/** @param {string} name @param {string} folder @returns {string[]} */
function licenseTexts(name, folder) {
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  if (files.length === 0) {
    throw new Error(`${name} has no license file, which has to come with the bundle: add its text, or leave it out`);
  }
  return files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
}
