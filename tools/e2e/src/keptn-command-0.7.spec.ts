import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, keptnJson, runKeptn } from './keptn-command';
import { type Launch, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const EXAMPLES = join(import.meta.dirname, '../../first-delivery/examples');

/** A start of the system, and dozens of processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 120_000;

const DATE = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+`;

describe('scripts and tutorials of Keptn 0.7 with the keptn command', { timeout: TIMEOUT_MS }, () => {
  let launch: Launch;
  let system: LaunchedSystem;
  let folder: string;
  let options: CallOptions;

  const keptn = (...words: string[]) => runKeptn(words, options);
  const keptn07 = (...words: string[]) => keptn(...words, '--compat=0.7');

  beforeAll(async () => {
    launch = await newLaunch();
    system = await startSystem(launch);
    folder = await mkdtemp(join(tmpdir(), 'keptn-0.7-'));
    options = {
      environment: { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() },
      folder,
    };
    await cp(EXAMPLES, folder, { recursive: true });
    expect((await keptn('create', 'project', 'sockshop', '--shipyard=./shipyard.yaml')).code).toBe(0);
  }, TIMEOUT_MS);

  afterAll(async () => {
    await system.interrupt();
    await removeData(launch);
    await rm(folder, { recursive: true, force: true });
  });

  it('onboard service: takes the folder of a chart, without what Helm would not pack', async () => {
    await promisify(execFile)('tar', ['-xzf', 'carts.tgz'], { cwd: folder });
    await mkdir(join(folder, 'carts/.git'));
    await writeFile(join(folder, 'carts/.git/config'), '[core]');
    await writeFile(join(folder, 'carts/.helmignore'), '# nothing of mine\n*.orig\nscratch/\n!kept.orig\n');
    await writeFile(join(folder, 'carts/values.yaml.orig'), '');
    await writeFile(join(folder, 'carts/kept.orig'), '');
    await mkdir(join(folder, 'carts/scratch'));
    await writeFile(join(folder, 'carts/scratch/notes'), '');
    const dryRun = await keptn('onboard', 'service', 'carts', '--project=sockshop', '--chart=./carts', '--dry-run');
    expect(dryRun.stdout).toMatch(/"helmChart": ".+ characters\)"/);

    expect(await keptn('onboard', 'service', 'carts', '--project=sockshop', '--chart=./carts')).toMatchObject({
      code: 0,
      stderr: '',
    });
    // In place of helm-service, which stores the chart of the event.
    const { data } = (await keptnJson(
      ['get', 'event', 'sh.keptn.internal.event.service.create', '--project=sockshop'],
      options,
    )) as { data: { helmChart: string } };
    await writeFile(join(folder, 'packed.tgz'), Buffer.from(data.helmChart, 'base64'));
    const { stdout } = await promisify(execFile)('tar', ['-tzf', 'packed.tgz'], { cwd: folder });
    expect(stdout.trim().split('\n')).toEqual([
      'carts/Chart.yaml',
      'carts/kept.orig',
      'carts/templates/deployment.yaml',
      'carts/templates/service.yaml',
      'carts/values.yaml',
    ]);
  });

  it('onboard service: says what is wrong with a folder that holds no chart', async () => {
    expect(await keptn('onboard', 'service', 'x', '--project=sockshop', '--chart=.')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Error: \. is not the folder of a Helm chart: Chart\.yaml: no such file/),
    });
  });

  it('paths of resources: take segments that mean nothing, and none that lead elsewhere', async () => {
    const add = (uri: string) =>
      keptn('add-resource', '--project=sockshop', '--stage=dev', '--resource=./slo.yaml', `--resourceUri=${uri}`);
    expect((await add('./a/./slo.yaml')).code).toBe(0);
    const inDev = ['--project=sockshop', '--stage=dev'];
    expect((await keptn('get', 'resource', './a/slo.yaml', ...inDev)).code).toBe(0);
    expect((await keptn('history', './a/./slo.yaml', ...inDev)).code).toBe(0);
    expect((await keptn('delete', 'resource', 'a/./slo.yaml', ...inDev)).code).toBe(0);
    for (const uri of ['../slo.yaml', 'a/../../b', '.', './']) {
      expect(await add(uri)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('send event: skips a byte order mark, and sends a repeat with the same key once', async () => {
    const event = (image: string) =>
      JSON.stringify({ type: 'sh.keptn.event.x', source: 'test', data: { project: 'sockshop', image } });
    await writeFile(join(folder, 'bom.json'), `\u{feff}${event('carts:1')}`);
    const send = () => keptn('send', 'event', '--file=bom.json', '--idempotency-key=build 1');
    const [first, second] = [await send(), await send()];
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ID of Keptn context: \S+\n$/) });
    expect(second.code).toBe(0);

    await writeFile(join(folder, 'utf16.json'), Buffer.from(`\u{feff}${event('carts:1')}`, 'utf16le'));
    expect(await keptn('send', 'event', '--file=utf16.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('utf16.json is in UTF-16'),
    });
  });

  describe('with --compat=0.7', () => {
    it('get project, stage and service: print columns that end with tabs', async () => {
      expect((await keptn07('get', 'projects')).stdout).toMatch(
        new RegExp(String.raw`^NAME\t\tCREATION DATE\nsockshop\t${DATE}\n$`),
      );
      expect((await keptn07('get', 'stage', 'dev', '--project=sockshop')).stdout).toBe(
        'NAME\t\tCREATION DATE\ndev\t\tn/a\n',
      );
      expect((await keptn07('get', 'service', 'carts', '--project=sockshop')).stdout).toMatch(
        /^NAME\t\tPROJECT\t\tSTAGE\t\tCREATION DATE\ncarts\t\tsockshop\tdev\t\t/,
      );
    });

    it('get project and service: print one JSON object after another, as jq reads them', async () => {
      const { stdout } = await keptn07('get', 'service', 'carts', '--project=sockshop', '-o', 'json');
      expect(stdout.match(/^ {3}"serviceName": "carts"/gm)).toHaveLength(3);
      expect(stdout.match(/^\{$/gm)).toHaveLength(3);
      expect(stdout).not.toContain('"stage"');
      expect(JSON.parse((await keptn07('get', 'project', '-o', 'json')).stdout)).toMatchObject({
        projectName: 'sockshop',
      });
      expect((await keptn07('get', 'project', 'sockshop', '-o', 'yaml')).stdout).toMatch(/^projectname: sockshop$/m);
    });

    it.each([
      [['get', 'project', 'nope'], 'No project nope found\n'],
      [['get', 'service', 'nope', '--project=sockshop'], 'No services nope found in project sockshop\n'],
      [['get', 'services', '--project=nope'], 'No project nope found\n'],
    ])('%j: what does not exist is a sentence with exit code 0', async (words, stdout) => {
      expect(await keptn07(...words)).toEqual({ code: 0, stdout, stderr: '' });
      expect((await keptn(...words)).code).toBe(4);
    });

    it('approvals: are JSON, one as an object and several as an array', async () => {
      const inStage = ['--project=sockshop', '--stage=dev'];
      const get = async () => (await keptn07('get', 'event', 'approval.triggered', ...inStage)).stdout;
      expect(await get()).toBe(
        'Starting to get approval.triggered events\nNo approval.triggered events have been found\n',
      );
      for (const tag of ['1', '2']) {
        await system.call('POST', '/v1/event', {
          ...{ type: 'sh.keptn.event.approval.triggered', source: 'gatekeeper-service' },
          data: { project: 'sockshop', stage: 'dev', service: 'carts', image: 'carts', tag },
        });
        const { id } = (await keptnJson(
          ['get', 'event', 'sh.keptn.event.approval.triggered', ...inStage],
          options,
        )) as { id: string };
        await system.call('POST', '/configuration-service/v1/project/sockshop/stage/dev/service/carts/approval', {
          ...{ eventId: id, keptnContext: 'a', image: 'carts', tag },
        });
        const [, json = ''] = /^.*\n([\s\S]*)$/.exec(await get()) ?? [];
        expect(json).toMatch(tag === '1' ? /^\{\n\t"/ : /^\[\n\t\{\n\t\t"/);
      }
    });

    it('failures: have exit code 1, and the environment asks for it as well', async () => {
      expect((await keptn07('trace', 'nope')).code).toBe(1);
      expect((await keptn07('get', 'projects', '--nope')).code).toBe(1);
      const environment = { ...options.environment, KEPTN_COMPAT: '0.7' };
      expect((await runKeptn(['trace', 'nope'], { environment })).code).toBe(1);
      expect(await runKeptn(['version'], { environment: { KEPTN_COMPAT: '0.8' } })).toMatchObject({
        code: 2,
        stderr: 'Error: KEPTN_COMPAT is "0.8"\nIt can be 0.7.\n',
      });
      expect(await runKeptn(['status'], { environment: { HOME: folder, KEPTN_COMPAT: '0.7' } })).toEqual({
        code: 0,
        stdout: 'CLI is not authenticated against any Keptn cluster.  For authenticating your CLI use "keptn auth"\n',
        stderr: '',
      });
    });
  });

  it('delete project: says what is left in the cluster, stage by stage', async () => {
    const { code, stdout } = await keptn('delete', 'project', 'sockshop');
    expect(code).toBe(0);
    expect(stdout.match(/'kubectl delete ns (\S+)'/g)).toEqual([
      "'kubectl delete ns sockshop-dev'",
      "'kubectl delete ns sockshop-staging'",
      "'kubectl delete ns sockshop-production'",
    ]);
  });
});
