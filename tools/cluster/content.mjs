/** Everything that a control plane keeps, read over its API, to be compared with what it keeps later. */
import { createHash } from 'node:crypto';

/** Events of one page; the API's largest. */
const PAGE_SIZE = 100;

/**
 * @param {import('./api.mjs').Api} api
 * @returns {Promise<{ projects: string[], resources: Record<string, string>, events: string[] }>} digests of the resources by
 *   their paths; the events as they are answered, in their order
 */
export async function readContent(api) {
  const { projects } = await api.get('/configuration-service/v1/project?pageSize=50');
  const names = projects.map((/** @type {{ projectName: string }} */ { projectName }) => projectName).sort();
  /** @type {Record<string, string>} */
  const resources = {};
  /** @type {string[]} */
  const events = [];
  for (const project of projects) {
    const places = [
      `/project/${project.projectName}`,
      ...project.stages.flatMap((/** @type {Stage} */ { stageName, services }) => [
        `/project/${project.projectName}/stage/${stageName}`,
        ...services.map(
          ({ serviceName }) => `/project/${project.projectName}/stage/${stageName}/service/${serviceName}`,
        ),
      ]),
    ];
    for (const place of places) {
      Object.assign(resources, await readResources(api, place));
    }
    events.push(...(await readEvents(api, project.projectName)));
  }
  return { projects: names, resources, events };
}

/** @typedef {{ stageName: string, services: { serviceName: string }[] }} Stage */

/**
 * @param {import('./api.mjs').Api} api
 * @param {string} place
 */
async function readResources(api, place) {
  const base = `/configuration-service/v1${place}/resource`;
  const { resources } = await api.get(`${base}?pageSize=50`);
  /** @type {[string, string][]} */
  const entries = [];
  for (const { resourceURI } of resources) {
    const path = encodeURIComponent(resourceURI.replace(/^\//, ''));
    const { resourceContent } = await api.get(`${base}/${path}`);
    entries.push([`${place}${resourceURI}`, createHash('sha256').update(resourceContent).digest('hex')]);
  }
  return Object.fromEntries(entries);
}

/**
 * @param {import('./api.mjs').Api} api
 * @param {string} project
 * @returns {Promise<string[]>}
 */
async function readEvents(api, project) {
  /** @type {string[]} */
  const found = [];
  let nextPageKey = '0';
  do {
    const page = await api.get(
      `/mongodb-datastore/event?project=${project}&pageSize=${PAGE_SIZE}&nextPageKey=${nextPageKey}`,
    );
    found.push(...page.events.map((/** @type {unknown} */ event) => JSON.stringify(event)));
    nextPageKey = page.nextPageKey ?? '0';
  } while (nextPageKey !== '0' && nextPageKey !== '');
  return found;
}
