import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BuiltService } from '../built-service';
import { base64, expectStatus, shipyardOf } from '../started-service';
import { GitHttpServer, USER } from './git-http-server';
import { Person } from './person';

const TOKEN = 'glpat-5ecret-0f-the-upstream';
const WRONG = 'glpat-wr0ng-0ne';
const SECRETS = [TOKEN, WRONG].flatMap((token) => [token, base64(`${USER}:${token}`), base64(token)]);
/** Milliseconds between two looks at the list of processes. */
const SAMPLE_PAUSE = 5;

let folder: string;
let server: GitHttpServer;
let service: BuiltService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keptn-secrets-'));
  server = new GitHttpServer(folder, TOKEN);
  await server.start();
  service = await BuiltService.build({ LOG_LEVEL: 'trace', UPSTREAM_PUSH: 'sync', UPSTREAM_FETCH_INTERVAL_MS: '100' });
  await service.start();
});
afterAll(async () => {
  await service.remove();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Command lines of all processes of this machine, sampled until `done`. */
async function commandLinesUntil(done: AbortSignal): Promise<Set<string>> {
  const seen = new Set<string>();
  while (!done.aborted) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      // The process may have ended since.
      seen.add(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    }
    await delay(SAMPLE_PAUSE);
  }
  return seen;
}

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

it('shows the token in no log, process, repository, answer or error', async () => {
  const person = new Person(folder, 'upstream.git');
  await person.createRepository();
  const access = { gitUser: USER, gitToken: TOKEN, gitRemoteURI: server.address(person.name) };
  const end = new AbortController();
  const sampling = commandLinesUntil(end.signal);
  const answers: unknown[] = [];
  const call = async (...args: Parameters<BuiltService['call']>) => {
    const answer = await service.call(...args);
    answers.push(answer.body, [...answer.headers]);
    return answer;
  };
  const project = { projectName: 'p', shipyard: shipyardOf(['dev']), ...access };
  await expectStatus(400, call('POST', '/v1/project', { ...project, gitToken: WRONG }));
  await expectStatus(204, call('POST', '/v1/project', project));
  for (let index = 0; index < 10; index++) {
    const body = { resourceURI: 'x', resourceContent: base64(String(index)) };
    await expectStatus(201, call('PUT', '/v1/project/p/stage/dev/resource/x', body));
  }
  await expectStatus(400, call('PUT', '/v1/project/p', { gitToken: WRONG }));
  server.token = 'changed';
  await vi.waitFor(async () => {
    const { body } = await call('GET', '/v1/project/p');
    expect(body).toMatchObject({ upstream: { lastError: expect.stringContaining('does not accept') } });
  }, 10_000);
  await call('GET', '/v1/project');
  end.abort();
  const commandLines = [...(await sampling)];

  expect(commandLines.some((line) => line.includes('git\0') && line.includes('push'))).toBe(true);
  expect(service.log).toContain('the upstream repository fails');
  const credentials = join(service.folder, 'credentials', 'p.json');
  const files = (await filesBelow(service.folder)).filter((file) => file !== credentials);
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  const places = {
    commandLines: commandLines.join('\n'),
    log: service.log,
    answers: JSON.stringify(answers),
    files: contents.join('\n'),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of SECRETS) {
      expect(text.includes(secret), `${place} holds ${secret}`).toBe(false);
    }
  }
});
