import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, keptnJson, RunningCommand, runKeptn } from './keptn-command';
import {
  type Launch,
  type LaunchedSystem,
  newLaunch,
  removeData,
  startSystem,
  WITHOUT_REACTIONS,
} from './running-system';

const EXAMPLES = join(import.meta.dirname, '../../first-delivery/examples');
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** A start of the system, and dozens of processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 120_000;

const SERVICE_OF_STAGE = ['--project=sockshop', '--stage=dev', '--service=carts'];

describe('the keptn command', { timeout: TIMEOUT_MS }, () => {
  let launch: Launch;
  let system: LaunchedSystem;
  let home: string;
  let options: CallOptions;

  const keptn = (words: readonly string[], more: CallOptions = {}) => runKeptn(words, { ...options, ...more });
  const json = (words: readonly string[]) => keptnJson(words, options);
  const read = (path: string) => system.call('GET', path);
  const sending = async (words: readonly string[]): Promise<string> => {
    const { code, stdout } = await keptn(words);
    expect(code).toBe(0);
    return UUID.exec(/ID of Keptn context: (.*)/.exec(stdout)?.[1] ?? '')?.[0] ?? '';
  };

  beforeAll(async () => {
    launch = await newLaunch(WITHOUT_REACTIONS);
    system = await startSystem(launch);
    home = await mkdtemp(join(tmpdir(), 'keptn-home-'));
    options = { environment: { HOME: home }, folder: EXAMPLES };
  }, TIMEOUT_MS);

  afterAll(async () => {
    await system.interrupt();
    await removeData(launch);
    await rm(home, { recursive: true, force: true });
  });

  it('auth: takes the token from stdin and keeps it for its owner alone', async () => {
    const token = await readFile(join(launch.dataFolder, 'token'), 'utf8');
    const { code, stdout } = await keptn(['auth', `--endpoint=${system.endpoint}`], { input: token });

    expect(code).toBe(0);
    expect(stdout).toBe(
      `Starting to authenticate\nSuccessfully authenticated against the Keptn cluster ${system.endpoint}\n`,
    );
    expect((await stat(join(home, '.keptn/contexts.json'))).mode & 0o777).toBe(0o600);
  });

  it('status: prints the three lines', async () => {
    expect(await keptn(['status'])).toEqual({
      code: 0,
      stdout:
        'Starting to authenticate\n' +
        `Successfully authenticated against the Keptn cluster ${system.endpoint}\n` +
        `CLI is authenticated against the Keptn cluster ${system.endpoint}\n`,
      stderr: '',
    });
  });

  it('version, doctor: say that all is well', async () => {
    expect((await keptn(['version'])).stdout).toMatch(/^Keptn CLI version: \S+\nKeptn cluster version: 0\.7\.\d+\n$/);
    const checks = (await json(['doctor'])) as { verdict: string }[];
    expect(checks.map(({ verdict }) => verdict)).toEqual(checks.map(() => 'ok'));
  });

  it('contexts: several can be stored, chosen and forgotten', async () => {
    const token = await readFile(join(launch.dataFolder, 'token'), 'utf8');
    await keptn(['auth', '--context=other', `--endpoint=${system.endpoint}`], { input: token });
    expect(await json(['get', 'contexts'])).toMatchObject([
      { name: 'default', current: false },
      { name: 'other', current: true },
    ]);
    expect((await keptn(['set', 'context', 'default'])).code).toBe(0);
    expect((await keptn(['delete', 'context', 'other'])).code).toBe(0);
    expect((await keptn(['get', 'contexts', '-o', 'name'])).stdout).toBe('default\n');
  });

  it('create project: a dry run creates nothing, the real one everything', async () => {
    const create = ['create', 'project', 'sockshop', '--shipyard=shipyard.yaml'];
    expect((await keptn([...create, '--dry-run'])).stdout).toContain('nothing was changed');
    expect((await read('/configuration-service/v1/project/sockshop')).status).toBe(404);

    const { code, stdout } = await keptn(create);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Starting to create project\nID of Keptn context: \S+\nProject sockshop created\nStage dev created\n/,
    );
    expect(stdout).toMatch(/Project successfully created\n$/);
    expect((await read('/configuration-service/v1/project/sockshop')).status).toBe(200);
  });

  it('create and onboard service: exist on every stage', async () => {
    await sending(['create', 'service', 'carts', '--project=sockshop']);
    await sending(['onboard', 'service', 'carts-db', '--project=sockshop', '--chart=carts-db.tgz']);
    const services = (await json(['get', 'services', '--project=sockshop'])) as { stage: string }[];
    expect(services).toHaveLength(6);
    expect((await keptn(['get', 'services', '--project=sockshop', '-o', 'name'])).stdout).toBe(
      'service/carts\nservice/carts-db\n',
    );
  });

  it('get project and stage: as a table, as JSON, as YAML', async () => {
    expect((await keptn(['get', 'projects'])).stdout).toMatch(/^NAME +CREATION DATE +STAGES +UPSTREAM\nsockshop /);
    expect(await json(['get', 'project', 'sockshop'])).toMatchObject({ projectName: 'sockshop' });
    expect((await keptn(['get', 'project', 'sockshop', '-o', 'yaml'])).stdout).toMatch(/^projectName: sockshop\n/);
    expect((await keptn(['get', 'stages', '--project=sockshop', '-o', 'name'])).stdout).toMatch(/^stage\/dev\n/);
  });

  it('resources: are uploaded, listed, printed byte by byte, remembered, and deleted', async () => {
    const { code, stdout } = await keptn(['add-resource', ...SERVICE_OF_STAGE, '--resource=slo.yaml']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'Adding resource slo.yaml to service carts in stage dev in project sockshop\nResource has been uploaded.\n',
    );
    expect((await keptn(['get', 'resource', 'slo.yaml', ...SERVICE_OF_STAGE])).stdout).toBe(
      await readFile(join(EXAMPLES, 'slo.yaml'), 'utf8'),
    );
    expect((await keptn(['get', 'resources', ...SERVICE_OF_STAGE])).stdout).toContain('slo.yaml');
    const [change] = (await json(['history', 'slo.yaml', ...SERVICE_OF_STAGE])) as { version: string }[];
    expect((await keptn(['delete', 'resource', 'slo.yaml', ...SERVICE_OF_STAGE])).code).toBe(0);
    expect((await keptn(['get', 'resource', 'slo.yaml', ...SERVICE_OF_STAGE])).code).toBe(4);
    const former = await keptn([
      'get',
      'resource',
      'slo.yaml',
      ...SERVICE_OF_STAGE,
      `--version=${change?.version ?? ''}`,
    ]);
    expect(former.code).toBe(0);
  });

  it('send event and trace: a delivery is seen as a tree, and live', async () => {
    const watch = new RunningCommand(['get', 'event', '--project=sockshop', '--watch'], options);
    const context = await sending([
      'send',
      'event',
      'new-artifact',
      '--project=sockshop',
      '--service=carts',
      '--image=carts:1',
    ]);
    const finished = join(home, 'finished.json');
    await writeFile(
      finished,
      JSON.stringify({
        type: 'sh.keptn.events.evaluation-done',
        source: 'lighthouse-service',
        shkeptncontext: context,
        data: { project: 'sockshop', stage: 'dev', service: 'carts', result: 'pass', score: 1.0 },
      }),
    );
    expect(await sending(['send', 'event', `--file=${finished}`])).toBe(context);

    const { stdout } = await keptn(['trace', context]);
    expect(stdout).toContain(`Keptn context ${context}: 2 events`);
    expect(stdout).toMatch(/sockshop\/dev\/carts\n└─ evaluation-done +\+\d+\.\d{3} s {2}lighthouse-service {2}pass/);
    expect(await json(['get', 'event', 'evaluation-done', `--keptn-context=${context}`])).toMatchObject({
      shkeptncontext: context,
    });
    expect(await json(['get', 'event', 'sh.keptn.event.configuration.change', '--project=sockshop'])).toMatchObject({
      data: { valuesCanary: { image: 'carts:1' } },
    });
    watch.child.kill('SIGINT');
    expect((await watch.outcome()).code).toBe(130);
  });

  it('start-evaluation: tells with the exit code whether the awaited evaluation passed', async () => {
    const start = new RunningCommand(
      ['send', 'event', 'start-evaluation', ...SERVICE_OF_STAGE, '--timeframe=5m', '--wait=60s'],
      options,
    );
    const context = UUID.exec(await start.printed('ID of Keptn context: '))?.[0];
    await system.call('POST', '/v1/event', {
      type: 'sh.keptn.events.evaluation-done',
      source: 'lighthouse-service',
      shkeptncontext: context,
      data: { project: 'sockshop', stage: 'dev', service: 'carts', result: 'fail', evaluationdetails: { score: 20 } },
    });
    const { code, stdout } = await start.outcome();
    expect(stdout).toContain('Evaluation: fail, score 20\n');
    expect(code).toBe(7);
  });

  it('approvals: are listed and finished', async () => {
    await system.call('POST', '/v1/event', {
      type: 'sh.keptn.event.approval.triggered',
      source: 'gatekeeper-service',
      data: { project: 'sockshop', stage: 'staging', service: 'carts', image: 'carts', tag: '1' },
    });
    const place = ['--project=sockshop', '--stage=staging'];
    const triggered = (await json(['get', 'event', 'sh.keptn.event.approval.triggered', ...place])) as { id: string };
    await system.call('POST', '/configuration-service/v1/project/sockshop/stage/staging/service/carts/approval', {
      eventId: triggered.id,
      keptnContext: 'a',
      image: 'carts',
      tag: '1',
    });
    expect((await keptn(['get', 'event', 'approval.triggered', ...place, '-o', 'name'])).stdout).toContain(
      triggered.id,
    );
    await sending(['send', 'event', 'approval.finished', ...place, `--id=${triggered.id}`]);
    expect(await json(['get', 'event', 'sh.keptn.event.approval.finished', ...place])).toMatchObject({
      triggeredid: triggered.id,
      data: { approval: { result: 'pass', status: 'succeeded' }, tag: '1' },
    });
  });

  it('configure monitoring: sends its event', async () => {
    await sending(['configure', 'monitoring', 'prometheus', '--project=sockshop']);
    expect(await json(['get', 'event', 'sh.keptn.event.monitoring.configure', '--project=sockshop'])).toMatchObject({
      data: { type: 'prometheus' },
    });
  });

  it('completion: offers words, flags and names of the server', async () => {
    const offered = async (...words: string[]) => (await keptn(['complete', '--', ...words])).stdout.trim().split('\n');
    expect(await offered('create', '')).toEqual(['project', 'service', 'subscription', 'token']);
    expect(await offered('get', 'project', '')).toEqual(['sockshop']);
    expect(await offered('add-resource', '--project', 'sockshop', '--stage=d')).toEqual(['--stage=dev']);
    expect(await offered('get', 'stage', '--pro')).toEqual(['--project']);
    expect((await keptn(['completion', 'bash'])).stdout).toContain('complete -F _keptn keptn');
  });

  it('export, import, apply: a copy is equal, and what is as it should be stays untouched', async () => {
    const [first, second] = [join(home, 'first'), join(home, 'second')];
    expect((await keptn(['export', 'project', 'sockshop', '-f', first])).code).toBe(0);
    expect(await keptn(['import', 'project', 'copy', '-f', first])).toMatchObject({ code: 0, stderr: '' });
    expect((await keptn(['export', 'project', 'copy', '-f', second])).code).toBe(0);
    expect(await comparable(second)).toEqual(await comparable(first));

    await writeFile(join(second, 'keptn.yaml'), 'project: applied\nservices: [carts, carts-db]\n');
    expect(await keptn(['apply', '-f', second])).toMatchObject({ code: 0, stderr: '' });
    expect((await keptn(['apply', '-f', second])).stdout).toContain('nothing to change');

    const before = await json(['get', 'events', '--project=sockshop', '--page-size=100']);
    const history = await json(['history', '--project=sockshop', '--stage=dev']);
    expect((await keptn(['apply', '-f', first])).stdout).toBe(
      'Project sockshop is as the folder says: nothing to change\n',
    );
    expect(await json(['get', 'events', '--project=sockshop', '--page-size=100'])).toEqual(before);
    expect(await json(['history', '--project=sockshop', '--stage=dev'])).toEqual(history);

    await writeFile(join(first, 'stages/dev/carts/slo.yaml'), 'spec_version: "1.0"\nobjectives: []\n');
    const change = await keptn(['apply', '-f', first, '--dry-run']);
    expect(change.stdout).toContain('+ carts/slo.yaml of stage dev in project sockshop');
    expect((await keptn(['apply', '-f', first])).code).toBe(0);
    expect((await keptn(['apply', '-f', first])).stdout).toContain('nothing to change');
  });

  it('delete: a service, then the project', async () => {
    expect((await keptn(['delete', 'service', 'carts-db', '--project=sockshop'])).code).toBe(0);
    expect((await keptn(['get', 'service', 'carts-db', '--project=sockshop'])).code).toBe(4);
    expect((await keptn(['delete', 'project', 'sockshop'])).stdout).toContain('Project successfully deleted');
    expect((await read('/configuration-service/v1/project/sockshop')).status).toBe(404);
  });
});

/** An export without what has to differ in a copy: the name, when services were created, and the ids but for their order. */
async function comparable(folder: string): Promise<unknown> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = await Promise.all(
    entries
      .map(({ parentPath, name }) => join(parentPath, name))
      .toSorted()
      .map(async (path) => [
        path.slice(folder.length),
        path.endsWith('/metadata.yaml') ? 'of the server' : await readFile(path, 'base64'),
      ]),
  );
  const events = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim().split('\n');
  const numbers = new Map<string, number>();
  return {
    files: files.filter(([path]) => path !== '/events.ndjson' && path !== '/keptn.yaml'),
    events: events.map((line) =>
      line.replace(/"project":"(?:sockshop|copy)"/g, '"project":"*"').replace(new RegExp(UUID, 'g'), (id) => {
        numbers.set(id, numbers.get(id) ?? numbers.size);
        return `id ${numbers.get(id) ?? 0}`;
      }),
    ),
  };
}
