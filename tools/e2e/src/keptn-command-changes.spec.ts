import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, keptnJson, RunningCommand, runKeptn } from './keptn-command';
import { type Launch, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** A start of the system, and dozens of processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 120_000;

const shipyardWith = (...stages: string[]): string =>
  `stages:\n${stages.map((name) => `  - name: ${name}\n    deployment_strategy: direct\n`).join('')}`;

describe('changes by the keptn command', { timeout: TIMEOUT_MS }, () => {
  let launch: Launch;
  let system: LaunchedSystem;
  let folder: string;
  let options: CallOptions;

  const keptn = (...words: string[]) => runKeptn(words, options);
  const stored = async (path: string): Promise<unknown> => (await system.call('GET', path)).json;
  const write = async (path: string, content: string, project = 'sockshop'): Promise<void> => {
    await mkdir(join(folder, project, path, '..'), { recursive: true });
    await writeFile(join(folder, project, path), content);
  };
  const resourcesOf = async (place: string): Promise<string[]> => {
    const { resources } = (await stored(`/configuration-service/v1/project/sockshop${place}/resource`)) as {
      resources: { resourceURI: string }[];
    };
    return resources.map(({ resourceURI }) => resourceURI);
  };

  beforeAll(async () => {
    launch = await newLaunch();
    system = await startSystem(launch);
    folder = await mkdtemp(join(tmpdir(), 'keptn-changes-'));
    options = {
      environment: { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() },
      folder,
    };
    await write('keptn.yaml', 'project: sockshop\nservices: [carts]\n');
    await write('shipyard.yaml', shipyardWith('dev'));
    await write('stages/dev/old.yaml', 'old: true\n');
    expect((await keptn('apply', '-f', 'sockshop')).code).toBe(0);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await system.interrupt();
    await removeData(launch);
    await rm(folder, { recursive: true, force: true });
  });

  it('import --resume: completes what a killed import left, and nothing else', async () => {
    const files = Array.from({ length: 3 }, (_none, index) => `large-${index}.bin`);
    const events = Array.from({ length: 500 }, (_none, index) => ({
      ...{ id: `e-${index}`, source: 'an-export', type: 'sh.keptn.event.configuration.change' },
      data: { project: 'moved', stage: 'dev', service: 'carts' },
    }));
    await write('keptn.yaml', 'project: moved\nservices: [carts]\n', 'moved');
    await write('shipyard.yaml', shipyardWith('dev'), 'moved');
    await write('stages/dev/carts/metadata.yaml', 'servicename: carts\n', 'moved');
    // Each is a request of its own.
    for (const file of files) await write(`stages/dev/carts/${file}`, 'x'.repeat(4_000_000), 'moved');
    await write('events.ndjson', events.map((event) => JSON.stringify(event)).join('\n'), 'moved');

    const killed = new RunningCommand(['import', 'project', '-f', 'moved'], options);
    await expect
      .poll(async () => (await system.call('GET', '/configuration-service/v1/project/moved')).status, {
        interval: 10,
        timeout: 30_000,
      })
      .toBe(200);
    killed.child.kill('SIGKILL');
    await killed.outcome();

    expect(await keptn('import', 'project', '-f', 'moved')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('--resume'),
    });
    for (let time = 1; time <= 2; time++) {
      expect(await keptn('import', 'project', '-f', 'moved', '--resume')).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('Project moved is imported, with 500 events'),
      });
    }
    expect(await stored('/mongodb-datastore/event?project=moved')).toMatchObject({ totalCount: 500 });
    expect(await stored('/configuration-service/v1/project/moved/stage/dev/service/carts/resource')).toMatchObject({
      resources: [...files, 'metadata.yaml'].map((file) => ({ resourceURI: `/${file}` })),
    });

    await write('shipyard.yaml', shipyardWith('prod'), 'moved');
    expect(await keptn('import', 'project', '-f', 'moved', '--resume')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('another shipyard'),
    });
  });

  it('apply --prune: deletes what the folder does not have, and only with that flag', async () => {
    await rm(join(folder, 'sockshop/stages/dev/old.yaml'));
    expect((await keptn('apply', '-f', 'sockshop')).stdout).toContain('nothing to change');
    const shown = await keptn('apply', '-f', 'sockshop', '--prune', '--dry-run');
    expect(shown.stdout).toContain('- old.yaml of stage dev in project sockshop');
    expect((await resourcesOf('/stage/dev')).join()).toContain('old.yaml');

    expect((await keptn('apply', '-f', 'sockshop', '--prune')).code).toBe(0);
    expect((await resourcesOf('/stage/dev')).join()).not.toContain('old.yaml');
    expect((await keptn('apply', '-f', 'sockshop', '--prune')).stdout).toContain('nothing to change');
  });

  it('apply: makes a stage that is new in the shipyard, with its services and resources', async () => {
    await write('shipyard.yaml', shipyardWith('dev', 'production'));
    await write('stages/production/carts/slo.yaml', 'spec_version: "1.0"\nobjectives: []\n');
    const { code, stderr } = await keptn('apply', '-f', 'sockshop');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await stored('/configuration-service/v1/project/sockshop')).toMatchObject({
      stages: [{ stageName: 'dev' }, { stageName: 'production', services: [{ serviceName: 'carts' }] }],
    });
    expect((await resourcesOf('/stage/production')).join()).toContain('slo.yaml');
    expect((await keptn('apply', '-f', 'sockshop')).stdout).toContain('nothing to change');
  });

  it('get event --watch: prints events as they are stored', async () => {
    const watch = new RunningCommand(
      ['get', 'event', '--project=sockshop', '--watch', '--verbose', '-o', 'json'],
      options,
    );
    await watch.reported(' 200 ');
    await keptn('configure', 'monitoring', 'prometheus', '--project=sockshop');
    const line = (await watch.printed('\n')).split('\n')[0] ?? '';
    expect(JSON.parse(line)).toMatchObject({
      type: 'sh.keptn.event.monitoring.configure',
      data: { type: 'prometheus' },
    });
    watch.child.kill('SIGINT');
    expect((await watch.outcome()).code).toBe(130);
  });

  it('configure bridge: sets the credentials, and shows them', async () => {
    const set = ['configure', 'bridge', '--user=keptn', '--password=a password'];
    expect((await keptn(...set, '--dry-run')).code).toBe(0);
    expect((await keptn('configure', 'bridge', '--output')).code).toBe(4);
    expect(await keptn(...set)).toMatchObject({ code: 0, stdout: 'Bridge credentials configured successfully\n' });
    expect(await stored('/v1/config/bridge')).toEqual({ user: 'keptn', password: 'a password' });
    expect((await keptn('configure', 'bridge', '--output')).stdout).toBe('user: keptn\npassword: a password\n');
    expect((await keptn('configure', 'bridge', '--user=keptn')).code).toBe(2);
  });

  it('set config: takes the settings of Keptn 0.7, and no others', async () => {
    expect((await keptn('set', 'config', 'AutomaticVersionCheck', 'false')).code).toBe(0);
    expect((await keptn('set', 'config', 'AutomaticVersionCheck', 'perhaps')).code).toBe(2);
    expect((await keptn('set', 'config', 'Colour', 'red')).code).toBe(2);
  });

  it('update project: changes the upstream repository once the server has reached it', async () => {
    const upstream = await startUpstream(join(folder, 'upstream'));
    try {
      const update = (url: string) =>
        keptn('update', 'project', 'sockshop', `--git-remote-url=${url}`, '--git-user=bot', '--git-token=secret');
      const refused = await update(`${upstream.url}/missing.git`);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).not.toContain('secret');

      expect(await update(`${upstream.url}/sockshop.git`)).toEqual({
        code: 0,
        stdout: 'Project updated successful\n',
        stderr: '',
      });
      expect(await keptnJson(['get', 'project', 'sockshop'], options)).toMatchObject({
        gitRemoteURI: `${upstream.url}/sockshop.git`,
        gitUser: 'bot',
      });
      expect((await keptn('update', 'project', 'sockshop')).code).toBe(2);

      // An upstream that accepts no push, as one with protected branches does.
      const hook = join(folder, 'upstream/sockshop.git/hooks/pre-receive');
      await writeFile(hook, '#!/bin/sh\necho "this branch is protected"\nexit 1\n', { mode: 0o755 });
      expect((await keptn('add-resource', '--project=sockshop', '--resource=sockshop/keptn.yaml')).code).toBe(0);
      await expect
        .poll(async () => (await keptn('get', 'projects')).stdout, { timeout: 30_000 })
        .toMatch(/^sockshop .* failing: \S+/m);
      const { code, stdout } = await keptn('doctor');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^warning upstream repositories: sockshop: \S.*\n {4}Changes stay here until/m);

      expect((await keptn('delete', 'project', 'sockshop')).stdout).toContain(
        `The Git upstream of the project will not be deleted: ${upstream.url}/sockshop.git\n`,
      );
    } finally {
      upstream.server.closeAllConnections();
      upstream.server.close();
    }
  });
});

/** An empty repository sockshop.git, served by Git's own CGI program. */
async function startUpstream(root: string): Promise<{ server: Server; url: string }> {
  await promisify(execFile)('git', ['init', '--quiet', '--bare', join(root, 'sockshop.git')]);
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'bot',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method ?? '',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      },
    });
    backend.stdin.on('error', () => undefined);
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const head = new Map(
        output
          .subarray(0, end)
          .toString()
          .split('\r\n')
          .map((line) => line.split(': ', 2) as [string, string]),
      );
      const status = Number.parseInt(head.get('Status') ?? '200', 10);
      response.writeHead(status, { 'content-type': head.get('Content-Type') ?? 'text/plain' });
      response.end(output.subarray(end + '\r\n\r\n'.length));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
