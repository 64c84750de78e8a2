/** The content that the benchmarks read and change: files below 50 folders in each of 4 stages. */
import { randomBytes } from 'node:crypto';
import { Connection } from './load.mjs';

export const PROJECT = 'bench';
export const STAGES = ['dev', 'test', 'staging', 'production'];
const FOLDERS = 50;
/** Half of the base64 text's length is as compressible as YAML is. */
const CONTENT_BYTES = 2_000;

/** @param {readonly string[]} stages */
export const shipyardOf = (stages) =>
  Buffer.from(`stages:\n${stages.map((name) => `  - name: ${name}\n`).join('')}`).toString('base64');

/** @template Item @param {readonly Item[]} items @returns {Item} */
export const anyOf = (items) => /** @type {Item} */ (items[Math.floor(Math.random() * items.length)]);

/** @param {number} files @returns {string[]} */
export const pathsOf = (files) =>
  Array.from({ length: files }, (_, index) => `folder-${index % FOLDERS}/file-${Math.floor(index / FOLDERS)}.yaml`);

/** New content on every call, in base64. */
export const newContent = () => {
  const text = randomBytes(CONTENT_BYTES / 4).toString('hex');
  return Buffer.from(`value: ${text}\ncopy: ${text}\n`.slice(0, CONTENT_BYTES)).toString('base64');
};

/** @param {string} stage @param {string} path @returns {import('./load.mjs').Call} */
export const readOf = (stage, path) => ({
  method: 'GET',
  path: `/v1/project/${PROJECT}/stage/${stage}/resource/${path}`,
});

/** @param {string} stage @param {string} path @returns {import('./load.mjs').Call} */
export const writeOf = (stage, path) => ({
  ...readOf(stage, path),
  method: 'PUT',
  body: { resourceContent: newContent() },
});

/** Creates the project over the API, one commit for each stage. @param {string} url @param {readonly string[]} paths */
export async function seed(url, paths) {
  const connection = new Connection(url);
  await connection.call({
    method: 'POST',
    path: '/v1/project',
    body: { projectName: PROJECT, shipyard: shipyardOf(STAGES) },
  });
  for (const stage of STAGES) {
    const resources = paths.map((resourceURI) => ({ resourceURI, resourceContent: newContent() }));
    await connection.call({
      method: 'POST',
      path: `/v1/project/${PROJECT}/stage/${stage}/resource`,
      body: { resources },
    });
  }
  await connection.close();
}
