/** Looks at a bare repository with Git's own commands, as a person would. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';

const MAX_OUTPUT_BYTES = 1024 ** 3;

/** @param {string} repository @param {string[]} args @param {string} [input] */
const git = (repository, args, input) => {
  const options = { encoding: /** @type {const} */ ('utf8'), maxBuffer: MAX_OUTPUT_BYTES, input };
  return spawnSync('git', [`--git-dir=${repository}`, ...args], options);
};

/** @param {string} repository @returns {string[]} what `git fsck` complains about */
export function fsck(repository) {
  const { status, stdout, stderr } = git(repository, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']);
  const complaints = `${stdout}${stderr}`.trim();
  return status === 0 && complaints === '' ? [] : [`git fsck ended with ${status}: ${complaints.slice(0, 500)}`];
}

/** @param {string} repository @returns {string[]} lock files and temporary objects that a killed process left */
export const leftovers = (repository) =>
  readdirSync(repository, { recursive: true })
    .map(String)
    .filter((path) => /\.lock$|(^|\/)\.?tmp[_-]|keptn-pending-commit/.test(path))
    .map((path) => `left behind: ${path}`);

/** @param {string} repository @returns {number} files of objects */
export const looseObjects = (repository) =>
  readdirSync(`${repository}/objects`)
    .filter((name) => name.length === 2)
    .reduce((sum, fanOut) => {
      try {
        return sum + readdirSync(`${repository}/objects/${fanOut}`).length;
      } catch {
        // Packed away between the two looks.
        return sum;
      }
    }, 0);

/** @param {string} repository @returns {number} */
export const packs = (repository) =>
  readdirSync(`${repository}/objects/pack`).filter((name) => name.endsWith('.pack')).length;

/** @param {string} repository @param {string} branch @returns {Map<string, string[]>} commits by the request that made them */
export function commitsByRequest(repository, branch) {
  const format = '--format=%H %(trailers:key=Request-Id,valueonly,separator=%x2C)';
  /** @type {Map<string, string[]>} */
  const commits = new Map();
  for (const line of git(repository, ['log', format, branch]).stdout.trim().split('\n')) {
    const [commit = '', request = ''] = line.split(' ');
    commits.set(request, [...(commits.get(request) ?? []), commit]);
  }
  return commits;
}

/**
 * @param {string} repository
 * @param {readonly { version: string, path: string, content: string }[]} writes
 * @returns {string[]} those whose commit does not hold what was written
 */
export function wrongContents(repository, writes) {
  if (writes.length === 0) {
    return [];
  }
  const asked = writes.map(({ version, path }) => `${version}:${path}\n`).join('');
  const answers = git(repository, ['cat-file', '--batch-check=%(objectname)'], asked).stdout.split('\n');
  return writes
    .filter(({ content }, index) => {
      const blob = `blob ${Buffer.byteLength(content)}\0${content}`;
      return answers[index] !== createHash('sha1').update(blob).digest('hex');
    })
    .map(({ version, path }) => `commit ${version} does not hold what was written to ${path}`);
}
