import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { RunningCommand, runKeptn } from './keptn-command';

const COMMAND = join(import.meta.dirname, '../../../dist/apps/cli/keptn.js');

/** Larger than what the buffers of a connection take in. */
const LARGE = 32 * 1024 * 1024;

describe('the keptn command, when things go wrong', () => {
  let home: string;
  let server: Server;
  let endpoint: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'keptn-home-'));
    server = createServer((request, response) => {
      const isRight = request.headers['x-token'] === 'right';
      response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
      response.end(isRight ? '{}' : '{"code":401,"message":"incorrect api key auth"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(home, { recursive: true, force: true });
  });

  const auth = (token: string) =>
    runKeptn(['auth', `--endpoint=${endpoint}`], { environment: { HOME: home }, input: token });

  it('says without credentials how to get some', async () => {
    const { code, stdout, stderr } = await runKeptn(['get', 'projects'], { environment: { HOME: home } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^Error: This command requires to be authenticated\. See "keptn auth" for details\n/);
  });

  it('tells a dead server from a wrong token', async () => {
    const port = await findFreePorts(1);
    const environment = { KEPTN_ENDPOINT: `http://127.0.0.1:${port}`, KEPTN_API_TOKEN: 'right' };
    const dead = await runKeptn(['status'], { environment });
    expect(dead.code).toBe(6);
    expect(dead.stderr).toMatch(/^Error: .* cannot be reached: connection refused\n.*is the control plane running/m);

    const wrong = await auth('wrong');
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/^Error: Authentication was unsuccessful\. incorrect api key auth\n/);
    expect(await readdir(home)).toEqual([]);
  });

  it('never repeats the token', async () => {
    const { stdout, stderr } = await runKeptn(['get', 'projects', '--verbose'], {
      environment: { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'a-very-secret-token' },
    });
    expect(stdout + stderr).not.toContain('a-very-secret-token');
  });

  it('keeps the stored credentials when new ones find no room, and leaves nothing beside them', async () => {
    expect((await auth('right')).code).toBe(0);
    // No file may grow beyond 0 bytes: to a program a full disk, for every user and without a file system of its own.
    const script = `ulimit -f 0; exec "$0" "$1" auth --context=second --endpoint=${endpoint} --api-token=right`;
    const { code, stderr } = await failure('bash', ['-c', script, process.execPath, COMMAND], home);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: the credentials cannot be stored in .*\nNothing was changed\./);
    expect(await readdir(join(home, '.keptn'))).toEqual(['contexts.json']);
    expect((await runKeptn(['status'], { environment: { HOME: home } })).code).toBe(0);
  });

  it('says when the output finds no room', async () => {
    const { code, stderr } = await failure(
      'bash',
      ['-c', 'exec "$0" "$1" --help > /dev/full', process.execPath, COMMAND],
      home,
    );
    expect(code).toBe(1);
    expect(stderr).toBe('Error: the output cannot be written: no space left on device\n');
  });

  it('ends quietly when nobody reads on', async () => {
    const script = '"$0" "$1" completion bash | true; echo "${PIPESTATUS[0]}"';
    const { stdout } = await failure('bash', ['-c', `${script}; exit 1`, process.execPath, COMMAND], home);
    expect(['0\n', '141\n']).toContain(stdout);
  });

  it('has the same answer and exit code when nobody reads its messages', async () => {
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' };
    for (const [words, outcome] of [
      [['status', '--verbose'], { code: 0, stdout: expect.stringContaining(endpoint) }],
      [['creat'], { code: 2, stdout: '' }],
    ] as const) {
      const command = new RunningCommand(words, { environment });
      command.child.stderr.destroy();
      expect(await command.outcome()).toMatchObject(outcome);
    }
  });

  it('breaks an upload off at Ctrl-C, with one line and nothing sent completely', async () => {
    let isComplete = false;
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    server.removeAllListeners('request').on('request', (request: IncomingMessage) => {
      // Takes the head and a little of the body, and then nothing more.
      request.once('data', () => {
        request.pause();
        begin();
      });
      request.once('end', () => (isComplete = true));
    });
    const file = join(home, 'large.bin');
    await writeFile(file, Buffer.alloc(LARGE));
    const command = new RunningCommand(['add-resource', '--project=sockshop', `--resource=${file}`], {
      environment: { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' },
    });
    await begun;
    command.child.kill('SIGINT');
    const { code, stderr } = await command.outcome();
    expect({ code, stderr, isComplete }).toEqual({
      code: 130,
      stderr: 'Error: interrupted before anything was changed\n',
      isComplete: false,
    });
  });

  describe('at Ctrl-C between the steps of a change', () => {
    /** What the server was asked to change. */
    let changes: string[];
    /** Resolves with the second change, which is not answered. */
    let secondChange: Promise<void>;

    beforeEach(async () => {
      changes = [];
      secondChange = new Promise((resolve) => {
        server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
          if (request.method === 'GET') {
            response.writeHead(404).end('{"message":"not found"}');
          } else {
            changes.push(`${request.method ?? ''} ${request.url ?? ''}`);
            if (changes.length === 2) resolve();
            else response.end('{}');
          }
        });
      });
      await mkdir(join(home, 'sockshop/project'), { recursive: true });
      await writeFile(join(home, 'sockshop/keptn.yaml'), 'project: sockshop\nservices: []\n');
      await writeFile(join(home, 'sockshop/shipyard.yaml'), 'stages:\n  - name: dev\n');
      await writeFile(join(home, 'sockshop/project/slo.yaml'), 'x');
    });

    const interrupted = async (...words: string[]) => {
      const command = new RunningCommand([...words, '--file=sockshop'], {
        environment: { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' },
        folder: home,
      });
      await secondChange;
      command.child.kill('SIGINT');
      return command.outcome();
    };

    it('deletes the project of an import that has begun it, and says so', async () => {
      const { code, stderr } = await interrupted('import', 'project');
      expect(changes.at(-1)).toBe('DELETE /api/v1/project/sockshop');
      expect({ code, stderr }).toEqual({
        code: 130,
        stderr: expect.stringContaining('\nProject sockshop, which was begun, is deleted again.'),
      });
    });

    it('says how to go on with an import that cannot be withdrawn', async () => {
      const importing = interrupted('import', 'project');
      await secondChange;
      server.close();
      server.closeAllConnections();
      expect(await importing).toMatchObject({
        stderr: expect.stringContaining('\nProject sockshop is there in part: --resume goes on with it'),
      });
    });
  });

  it('says at Ctrl-C while it waits for an evaluation that it was started', async () => {
    let poll: () => void;
    const polled = new Promise<void>((resolve) => (poll = resolve));
    server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.method === 'POST') response.end('{"keptnContext":"a-context"}');
      else poll();
    });
    const words = ['send', 'event', 'start-evaluation', '--project=x', '--stage=dev', '--service=y', '--wait=10m'];
    const command = new RunningCommand(words, {
      environment: { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' },
    });
    await polled;
    command.child.kill('SIGINT');
    expect(await command.outcome()).toMatchObject({
      code: 130,
      stderr: 'Error: interrupted after something was changed\nLook before you try again.\n',
    });
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('ends at %s, whatever it waits for', async (signal) => {
    let request: () => void;
    const waiting: RunningCommand[] = [];
    // Takes requests, and answers none.
    server.removeAllListeners('request').on('request', () => {
      request();
    });
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right', HOME: home };
    const inProject = ['--project=sockshop', '--stage=dev', '--service=carts'];
    for (const words of [
      ['get', 'projects'],
      ['get', 'event', '--watch'],
      ['get', 'event', 'evaluation-done', '--keptn-context=a', '--wait=60s'],
      ['delete', 'project', 'sockshop'],
      ['send', 'event', 'start-evaluation', ...inProject, '--wait=10m'],
      ['doctor'],
      ['complete', '--', 'get', 'project', ''],
    ]) {
      const requested = new Promise<void>((resolve) => (request = resolve));
      waiting.push(new RunningCommand(words, { environment }));
      await requested;
    }
    for (const words of [
      ['auth', `--endpoint=${endpoint}`, '--verbose'],
      ['add-resource', '--project=sockshop', '--resource=-', '--resourceUri=x'],
      ['create', 'project', 'x', '--shipyard=-'],
      ['send', 'event', '--file=-'],
    ]) {
      const command = new RunningCommand(words, { environment: { HOME: home }, keepsInputOpen: true });
      await readsInput(command);
      waiting.push(command);
    }
    waiting.forEach(({ child }) => child.kill(signal));
    for (const command of waiting) {
      const { code, stderr } = await command.outcome();
      expect({ words: command.child.spawnargs.slice(2), code, stderr }).toMatchObject({
        code: 130,
        stderr: expect.stringContaining('Error: interrupted'),
      });
    }
  });

  it('says after some seconds what it waits for, and goes on', async () => {
    let answer = (): void => undefined;
    server.removeAllListeners('request').on('request', (_request, response: ServerResponse) => {
      answer = () => response.end('{"projects":[]}');
    });
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' };
    const command = new RunningCommand(['get', 'projects'], { environment });
    await command.reported('Waiting for the answer to GET /configuration-service/v1/project ...\n');
    answer();
    expect(await command.outcome()).toMatchObject({ code: 0, stdout: 'No projects found\n' });
  });

  it('shows the warnings of the server, each once', async () => {
    server.removeAllListeners('request').on('request', (_request, response: ServerResponse) => {
      response.setHeader('warning', ['199 - "slo.yaml: \\"x\\" is unknown"', '199 - "the upstream refuses pushes"']);
      response.end('{"version":"1"}');
    });
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' };
    const words = ['add-resource', '--project=sockshop', '--resource=-', '--resourceUri=slo.yaml'];
    expect(await runKeptn(words, { environment, input: 'x' })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Resource has been uploaded.\n'),
      stderr: 'Warning: slo.yaml: "x" is unknown\nWarning: the upstream refuses pushes\n',
    });
  });

  it.each(['/proc/nonexist', '/sys/nonexist'])(
    'says that the credentials cannot be stored below %s',
    async (folder) => {
      const words = ['auth', `--endpoint=${endpoint}`, '--api-token=right'];
      expect(await runKeptn(words, { environment: { HOME: folder } })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`the credentials cannot be stored in ${folder}/.keptn/contexts.json`),
      });
      expect(await runKeptn(words, { environment: { KEPTN_CONFIG_DIR: `${folder}/x/y` } })).toMatchObject({ code: 1 });
    },
  );

  it('expands ~ in KEPTN_CONFIG_DIR and in paths of files, as a shell does not in quotes', async () => {
    const environment = { HOME: home, KEPTN_CONFIG_DIR: '~/config/keptn' };
    await writeFile(join(home, 'token'), 'right');
    expect((await runKeptn(['auth', `--endpoint=${endpoint}`], { environment, input: 'right' })).code).toBe(0);
    expect(await readdir(join(home, 'config/keptn'))).toEqual(['contexts.json']);
    await writeFile(join(home, 'event.json'), '{}');
    expect((await runKeptn(['send', 'event', '--file=~/event.json', '--dry-run'], { environment })).code).toBe(0);
    expect(await runKeptn(['status'], { environment: { KEPTN_CONFIG_DIR: '~other/x' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEPTN_CONFIG_DIR is ~other/x'),
    });
  });

  it('expands ~ in paths of folders, and of certificates that it remembers', async () => {
    const environment = { HOME: home, KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' };
    const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');
    // The project, the list of its resources, and each of them.
    const answer = { shipyard, stages: [], resources: [{ resourceURI: 'shipyard.yaml' }], resourceContent: shipyard };
    server.removeAllListeners('request').on('request', (_request, response: ServerResponse) => {
      response.end(JSON.stringify(answer));
    });
    const inHome = { environment, folder: home };
    const exported = await runKeptn(['export', 'project', 'sockshop', '--file=~/backup', '--without-events'], inHome);
    expect(exported).toMatchObject({ code: 0 });
    expect(await readdir(home)).toEqual(['backup']);
    expect(await runKeptn(['import', 'project', '--file=~/backup', '--resume'], inHome)).toMatchObject({ code: 0 });
    expect(await runKeptn(['apply', '--file=~/backup', '--dry-run'], inHome)).toMatchObject({ code: 0 });
    expect(await runKeptn(['auth', `--endpoint=${endpoint}`, '--ca-file=~/ca.pem'], inHome)).toMatchObject({ code: 0 });
    expect(await readFile(join(home, '.keptn/contexts.json'), 'utf8')).toContain(`"${join(home, 'ca.pem')}"`);
  });

  it('masks secrets of a dry run as a whole, and shows that there are none', async () => {
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right' };
    const update = (token: string) =>
      runKeptn(['update', 'project', 'teapot', '--git-user=t', `--git-token=${token}`, '--dry-run'], { environment });
    expect((await update('t')).stdout).toContain('"projectName": "teapot",\n  "gitUser": "t",\n  "gitToken": "***"');
    expect((await update('')).stdout).toContain('"gitToken": ""');
    const upstream = '--git-remote-url=https://user:to@ken@git.example.com/teapot?at=a@b';
    const { stdout } = await runKeptn(['update', 'project', 'teapot', upstream, '--git-token=t', '--dry-run'], {
      environment,
    });
    expect(stdout).toContain('"https://***@git.example.com/teapot?at=a@b"');
  });

  it('takes secret headers from the environment, and never repeats them', async () => {
    let received = '';
    server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
      void text(request).then((body) => {
        received = body;
        response.end('{"secret":"of signatures"}');
      });
    });
    const environment = { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: 'right', HOOK_TOKEN: 'hush' };
    const create = (header: string) =>
      runKeptn(['create', 'subscription', 'x', '--sink=http://x', `--secret-header=${header}`], { environment });
    expect(await create('authorization=Bearer ${HOOK_TOKEN}')).toMatchObject({ code: 0 });
    expect(JSON.parse(received)).toMatchObject({ secretHeaders: { authorization: 'Bearer hush' } });
    for (const mistyped of [
      'authorization: Bearer hush',
      'authorization: Bearer hush==',
      'authorization=${NONE}hush',
    ]) {
      const { code, stderr } = await create(mistyped);
      expect({ mistyped, code, stderr }).toEqual({ mistyped, code: 2, stderr: expect.not.stringContaining('hush') });
    }
  });

  it('explains a wrong command line, and sends nothing', async () => {
    for (const [words, message] of [
      [['creat'], /unknown command 'creat'\nDid you mean create\?/],
      [['create'], /"keptn create" needs one more word: project, service/],
      [['create', 'project', 'x'], /--shipyard missing/],
      [['get', 'projects', '-o', 'xml'], /Allowed choices are table, json, yaml, name/],
      [['add-resource', '-p', 'x', '--service', 'y', '-r', 'z'], /Flag 'stage' is missing/],
    ] as const) {
      const { code, stdout, stderr } = await runKeptn(words, { environment: { HOME: home } });
      expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    }
  });
});

/** Resolves when the process of a command has begun to read its input: its buffer is empty again. */
async function readsInput({ child }: RunningCommand): Promise<void> {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  if (!child.stdin.write(chunk)) {
    await once(child.stdin, 'drain');
  }
}

function failure(program: string, words: readonly string[], home: string) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(program, words, { env: { PATH: process.env['PATH'], HOME: home } }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
