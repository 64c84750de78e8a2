import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { PlayedContext, PROJECT, subject } from './played-context';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';
import { runBlocks, shellBlocksOf, type ShellRun } from './tutorial-blocks';

const FOLDER = join(import.meta.dirname, '../../laptop-delivery');

/** Many processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 240_000;

const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
spec:
  remediations:
    - problemType: Response time
      actionsOnOpen:
        - { action: broken }
        - { action: scaling, value: "1" }
`;

let system: LaunchedSystem;
let servicePort: number;
let firstPort: number;

beforeAll(async () => {
  const launch = await newLaunch();
  ({ firstPort } = launch);
  servicePort = await findFreePorts(3);
  // The commands with ports that are free here.
  const commands = join(launch.dataFolder, 'laptop-delivery');
  await cp(FOLDER, commands, { recursive: true });
  const file = join(commands, 'commands.yaml');
  await writeFile(file, withPorts(await readFile(file, 'utf8')));
  const environment = { COMMANDS_FILE: file, ALLOWED_SINK_NETWORKS: '127.0.0.1', WAIT_TIME_MINUTES: '1h' };
  system = await startSystem({ ...launch, environment });
}, TIMEOUT_MS);

afterAll(async () => {
  // Services that a tutorial which fails has left.
  const left = [0, 1, 2].map((offset) => `http://localhost:${servicePort + offset}`);
  await Promise.allSettled(left.map((url) => fetch(url, { method: 'DELETE' })));
  await system.interrupt();
  await removeData(system.launch);
});

const withPorts = (text: string): string =>
  text
    .replaceAll(/\b910([123])\b/g, (_port, number: string) => String(servicePort + Number(number) - 1))
    .replaceAll('localhost:8080', `localhost:${firstPort}`);

describe('the tutorial on deliveries', () => {
  let start: string | undefined;
  let run: ShellRun;

  beforeAll(async () => {
    const [first, ...blocks] = await shellBlocksOf('docs/tutorials/delivery.md');
    start = first;
    run = await runBlocks(blocks.map(withPorts), system.launch.dataFolder);
  }, TIMEOUT_MS);

  it('works as it says, block by block', () => {
    expect(start).toBe('COMMANDS_FILE=tools/laptop-delivery/commands.yaml npm start');
    expect(run.exitCode, `${run.outputs.join('\n')}\n${run.stderr}`).toBe(0);
  });

  it('has a real service deployed and tested in dev and staging, and asks before production', () => {
    const [, delivered, looked] = run.outputs;
    expect(delivered).toMatch(/awaiting approval/);
    expect(looked).toContain('{"service":"carts","stage":"dev","version":"1.0.0"}');
    expect(looked).toContain('{"service":"carts","stage":"staging","version":"1.0.0"}');
    expect(looked).toMatch(/production .*carts:1\.0\.0/);
  });

  it('has it deployed, tested and judged in production once it is approved', () => {
    expect(run.outputs[3]).toContain('{"service":"carts","stage":"production","version":"1.0.0"}');
    expect(run.outputs[3]).toMatch(/evaluation-done .*pass/);
  });

  it('leaves no run of the project that it deletes', async () => {
    const runs = async () => (await system.call('GET', '/shipyard-controller/v1/run?project=laptop')).json;
    await expect.poll(runs).toMatchObject({ runs: [] });
  });

  it('stops a slow version at the first gate', () => {
    expect(run.outputs[4]).toContain('not promoted: the evaluation is fail');
    expect(run.outputs[4]).toContain('{"service":"carts","stage":"production","version":"1.0.0"}');
  });
});

describe('a remediation', () => {
  let receiver: Server;
  const calls: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      calls.push(request.headers);
      request.resume().on('end', () => {
        response.statusCode = calls.length === 1 ? 422 : 200;
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const shipyard = 'stages: [{ name: production, deployment_strategy: direct, remediation_strategy: automated }]';
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const resources = [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }];
    const path = `/configuration-service/v1/project/${PROJECT}/stage/production/service/carts/resource`;
    const answers = [
      await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(shipyard) }),
      await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
      await system.call('POST', path, { resources }),
      await system.call('POST', '/event-broker/v1/subscriptions', {
        name: 'actions',
        sink: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
        types: ['sh.keptn.event.action.triggered'],
        reportsOutcome: true,
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 201, 201]);
  });

  afterAll(() => {
    receiver.closeAllConnections();
    receiver.close();
  });

  it('is carried out by signed HTTP calls: a failed action makes way for the next one, whose effect is then awaited', async () => {
    const data = subject('production', { State: 'OPEN', PID: '1', ProblemTitle: 'Response time' });
    const context = await PlayedContext.begin(system, 'sh.keptn.event.problem.open', data);
    const finished = await context.received('sh.keptn.event.action.finished', 2);
    const triggered = await context.received('sh.keptn.event.action.triggered', 2);
    expect(finished.map(({ source, triggeredid, data: { action } }) => [source, triggeredid, action])).toEqual([
      ['shipyard-controller', triggered[0]?.id, { result: 'answered 422', status: 'errored' }],
      ['shipyard-controller', triggered[1]?.id, { result: 'pass', status: 'succeeded' }],
    ]);
    expect(calls.every((headers) => String(headers['webhook-signature']).startsWith('v1,'))).toBe(true);
    await context.explained('the effect of the action is evaluated after its wait time');
  });
});
