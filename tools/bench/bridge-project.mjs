/** A project of the size that the Bridge is measured with: its services by the API, its runs past the service. */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

export const PROJECT = 'large';

/** Written in one command. */
const GROUP = 1000;

/** Services that are created at the same time. */
const SIDE_BY_SIDE = 4;

const MINUTE_MS = 60_000;

/** @param {string} name @param {number} count */
const names = (name, count) =>
  Array.from({ length: count }, (_none, index) => `${name}-${String(index + 1).padStart(2, '0')}`);

/** @typedef {{ stages: number, services: number, runs: number }} Size */

/**
 * @param {import('./gate-under-test.mjs').GateClient} client
 * @param {string} mongodbUri of the system
 * @param {Size} size
 */
export async function makeProject(client, mongodbUri, size) {
  const [stages, services] = [names('stage', size.stages), names('service', size.services)];
  const shipyard = `stages:\n${stages.map((name) => `  - name: ${name}\n`).join('')}`;
  await client.post('/v1/project', { name: PROJECT, shipyard: Buffer.from(shipyard).toString('base64') });
  const left = [...services];
  const create = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift())
      await client.post(`/v1/project/${PROJECT}/service`, { serviceName: name });
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, create));
  const mongodb = await MongoClient.connect(mongodbUri);
  await writeRuns(mongodb.db(), { stages, services, count: size.runs });
  await writeStates(mongodb.db(), { stages, services });
  await mongodb.close();
}

/** @typedef {{ stages: readonly string[], services: readonly string[] }} Names */

/** @param {import('mongodb').Db} database @param {Names & { count: number }} runs */
async function writeRuns(database, { stages, services, count }) {
  const begin = Date.now() - count * MINUTE_MS;
  for (let first = 0; first < count; first += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, count - first) }, (_none, offset) =>
      runOf(first + offset, begin, { stages, services }),
    );
    await database.collection('runs').insertMany(/** @type {any[]} */ (group), { ordered: false });
  }
}

/** @param {number} index @param {number} begin milliseconds since 1970 @param {Names} names */
function runOf(index, begin, { stages, services }) {
  const keptnContext = randomUUID();
  const startedAt = new Date(begin + index * MINUTE_MS).toISOString();
  const service = services[index % services.length] ?? '';
  const image = `docker.io/example/${service}:0.${index}.0`;
  const reached = stages.slice(0, 1 + (index % stages.length));
  const result = index % 7 === 0 ? 'fail' : 'pass';
  return {
    _id: keptnContext,
    position: `${startedAt} ${keptnContext}`,
    lastSequence: 4 * (index + 1),
    savedAt: new Date(),
    ...{ kind: 'delivery', project: PROJECT, startedAt, updatedAt: startedAt, isOpen: false, awaitsApproval: false },
    ...{ labels: [`build=${index}`], images: [image], openApprovals: [] },
    steps: reached.map((stage) => ({
      ...{ stage, service, state: 'finished', since: startedAt, image, deployedAt: startedAt },
      ...{ result, evaluatedAt: startedAt },
    })),
  };
}

/** @param {import('mongodb').Db} database @param {Names} names */
async function writeStates(database, { stages, services }) {
  const at = new Date().toISOString();
  const states = stages.flatMap((stage) =>
    services.flatMap((service, index) =>
      ['deployment', 'verdict'].map((aspect) => ({
        _id: JSON.stringify([PROJECT, stage, service, aspect]),
        ...{ project: PROJECT, stage, service, aspect, at, keptnContext: randomUUID(), savedAt: new Date() },
        ...(aspect === 'deployment'
          ? { image: `docker.io/example/${service}:0.${index}.0` }
          : { result: index % 7 === 0 ? 'fail' : 'pass' }),
      })),
    ),
  );
  await database.collection('serviceStates').insertMany(/** @type {any[]} */ (states));
}
