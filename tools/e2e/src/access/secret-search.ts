import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LaunchedSystem } from '../running-system';

const run = promisify(execFile);

/** Of the generated API token, which has to be somewhere. */
const TOKEN_FILE = 'token';

/** What the API tells of what holds secrets. */
const ANSWERS = [
  ['audit log', '/v1/audit'],
  ['events', '/mongodb-datastore/event'],
  ['tokens', '/v1/token'],
  ['subscriptions', '/event-broker/v1/subscriptions'],
  ['deliveries', '/event-broker/v1/deliveries'],
  ['system', '/v1/system'],
] as const;

/**
 * Looks for secrets where nobody should find them: in logs, in the files of databases and repositories, in the list of processes, in events,
 * in answers about tokens, subscriptions and the system, and in the audit log.
 *
 * @returns where there is one
 */
export async function placesOf(secrets: readonly string[], system: LaunchedSystem): Promise<string[]> {
  const places = new Map<string, string | Buffer>([['log', system.output]]);
  const { stdout } = await run('ps', ['axww', '-o', 'args']);
  places.set('list of processes', stdout);
  const lines = { 'x-token': await system.token(), accept: 'application/x-ndjson' };
  for (const [place, path] of ANSWERS) places.set(place, (await system.call('GET', path, undefined, lines)).text);
  const files = await readdir(system.launch.dataFolder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile() || file.name === TOKEN_FILE) continue;
    const path = join(file.parentPath, file.name);
    // Files of a store come and go.
    places.set(path, await readFile(path).catch(() => Buffer.alloc(0)));
  }
  return [...places]
    .filter(([, content]) => secrets.some((secret) => content.includes(secret)))
    .map(([place]) => place);
}
