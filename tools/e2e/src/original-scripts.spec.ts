import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { keptnJson, runKeptn } from './keptn-command';
import { type Data, type Event, PlayedContext } from './played-context';
import { type ReachableSystem } from './running-system';
import { sharedSystem } from './shared-system';

/** What the test scripts of Keptn 0.7 (`test_delivery_assistant.sh`, `test_self_healing*.sh`) assert of the services that react. */

const APPROVAL_TRIGGERED = 'sh.keptn.event.approval.triggered';
const APPROVAL_FINISHED = 'sh.keptn.event.approval.finished';
const CHANGE = 'sh.keptn.event.configuration.change';

let system: ReachableSystem;
let environment: Readonly<Record<string, string>>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeAll(async () => {
  system = await sharedSystem();
  environment = { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() };
});

async function createProject(name: string, shipyard: string, services: readonly string[]): Promise<void> {
  expect((await system.call('POST', '/v1/project', { name, shipyard: base64(shipyard) })).status).toBe(200);
  for (const serviceName of services) {
    expect((await system.call('POST', `/v1/project/${name}/service`, { serviceName })).status).toBe(200);
  }
}

/** Sends an event that begins a context, as `keptn send event --file` does. */
async function begun(event: Data): Promise<PlayedContext> {
  const { json } = await system.call('POST', '/v1/event', { source: 'a-script', ...event });
  return PlayedContext.of(system, (json as { keptnContext: string }).keptnContext);
}

describe('the delivery assistant', () => {
  const project = 'delivery-assistant';
  const STAGES = {
    combi1: { pass: 'automatic', warning: 'automatic' },
    combi2: { pass: 'automatic', warning: 'manual' },
    combi3: { pass: 'manual', warning: 'automatic' },
    combi4: { pass: 'manual', warning: 'manual' },
  };
  const RESULTS = ['pass', 'warning', 'fail'];
  const asked = new Map<string, PlayedContext>();

  const openIn = async (stage: string): Promise<readonly string[]> => {
    const path = `/configuration-service/v1/project/${project}/stage/${stage}/service/carts/approval`;
    const { approvals } = (await system.call('GET', path)).json as { approvals: { eventId: string }[] };
    return approvals.map(({ eventId }) => eventId);
  };

  beforeAll(async () => {
    const stages = Object.entries(STAGES).map(
      ([name, { pass, warning }]) =>
        `  - { name: ${name}, deployment_strategy: direct, approval_strategy: { pass: ${pass}, warning: ${warning} } }`,
    );
    await createProject(project, ['stages:', ...stages].join('\n'), ['carts']);
    for (const stage of Object.keys(STAGES)) {
      for (const result of RESULTS) {
        const data = {
          project,
          stage,
          service: 'carts',
          image: 'carts',
          tag: `${stage}-${result}`,
          labels: null,
          result,
        };
        asked.set(`${stage} ${result}`, await begun({ type: APPROVAL_TRIGGERED, data }));
      }
    }
  });

  it('decides by strategy and result, and leaves the rest open', async () => {
    const finished = Object.entries(STAGES).flatMap(([stage, strategy]) =>
      Object.entries({ ...strategy, fail: 'automatic' }).flatMap(([result, word]) =>
        word === 'automatic' ? [{ stage, result, context: asked.get(`${stage} ${result}`) }] : [],
      ),
    );
    for (const { stage, result, context } of finished) {
      const [answer] = (await context?.received(APPROVAL_FINISHED)) ?? [];
      expect(answer).toMatchObject({
        source: 'gatekeeper-service',
        data: {
          project,
          stage,
          service: 'carts',
          approval: { result: result === 'fail' ? 'fail' : 'pass', status: 'succeeded' },
        },
      });
    }
    const counts = () => Promise.all(Object.keys(STAGES).map(async (stage) => (await openIn(stage)).length));
    await expect.poll(counts).toEqual([0, 1, 1, 2]);
  });

  it('deploys what is approved by the command, and nothing is open then', async () => {
    const [open] = (await keptnJson(['get', 'event', 'approval.triggered', `--project=${project}`, '--stage=combi2'], {
      environment,
    })) as [Event];
    expect(open).toMatchObject({ data: { stage: 'combi2', result: 'warning' } });
    const { code } = await runKeptn(
      ['send', 'event', 'approval.finished', `--id=${open.id}`, `--project=${project}`, '--stage=combi2'],
      { environment },
    );
    expect(code).toBe(0);
    const context = PlayedContext.of(system, open.shkeptncontext);
    const [finished] = await context.received(APPROVAL_FINISHED);
    expect(finished).toMatchObject({
      source: 'https://github.com/keptn/keptn/cli#approval.finished',
      triggeredid: open.id,
      data: { project, stage: 'combi2', service: 'carts', approval: { result: 'pass', status: 'succeeded' } },
    });
    const [change] = await context.received(CHANGE);
    expect(change).toMatchObject({
      source: 'gatekeeper-service',
      data: {
        project,
        stage: 'combi2',
        service: 'carts',
        valuesCanary: { image: 'carts:combi2-warning' },
        canary: { action: 'set', value: 100 },
      },
    });
    await expect.poll(() => openIn('combi2')).toEqual([]);
  });
});

describe('self-healing', () => {
  const project = 'self-healing';
  const SERVICE = { project, stage: 'production', service: 'frontend' };
  const problem = (title: string): Data => ({
    type: 'sh.keptn.event.problem.open',
    data: { ...SERVICE, State: 'OPEN', ProblemID: '1', PID: randomUUID(), ProblemTitle: title, labels: null },
  });

  beforeAll(() =>
    createProject(
      project,
      'stages: [{ name: production, deployment_strategy: blue_green_service, remediation_strategy: automated }]',
      ['frontend', 'carts'],
    ),
  );

  it.each(['frontend', 'of-nobody'])('without a remediation.yaml of %s ends at once, and says so', async (service) => {
    const { type, data } = problem('Response time');
    const context = await begun({ type, data: { ...(data as Data), service } });
    const [finished] = await context.received('sh.keptn.event.remediation.finished');
    expect(finished).toMatchObject({
      source: 'remediation-service',
      data: {
        ...SERVICE,
        service,
        remediation: {
          status: 'errored',
          result: 'failed',
          message: 'Could not execute remediation action because no remediation file available',
        },
      },
    });
  });

  it('scales by the remediation.yaml of carts, and waits for an executor without an end', async () => {
    const remediation = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
spec:
  remediations:
    - problemType: response_time_p90
      actionsOnOpen: [{ action: scaling, name: scaling, description: Scale up, value: "1" }]
`;
    const path = `/configuration-service/v1/project/${project}/stage/production/service/carts/resource`;
    const resources = [{ resourceURI: 'remediation.yaml', resourceContent: base64(remediation) }];
    expect((await system.call('POST', path, { resources })).status).toBe(201);
    const { type, data } = problem('response_time_p90');
    const carts = { ...SERVICE, service: 'carts' };
    const context = await begun({ type, source: 'prometheus', data: { ...(data as Data), ...carts } });

    const [action] = await context.received('sh.keptn.event.action.triggered');
    const started = { ...carts, labels: null };
    await context.send('sh.keptn.event.action.started', started, { source: 'helm-service', triggeredid: action?.id });
    const all = await context.received('sh.keptn.event.action.started').then(() => context.events());
    const of = (name: string) => all.find((event) => event.type === `sh.keptn.event.${name}`);
    expect(of('remediation.triggered')).toMatchObject({
      source: 'remediation-service',
      data: { ...carts, problem: { ProblemTitle: 'response_time_p90', State: 'OPEN' } },
    });
    expect(of('remediation.status.changed')).toMatchObject({
      source: 'remediation-service',
      data: { ...carts, remediation: { result: { actionIndex: 0, actionName: 'scaling' } } },
    });
    expect(action).toMatchObject({
      source: 'remediation-service',
      data: { ...carts, action: { action: 'scaling', value: '1' } },
    });
    expect(of('action.started')).toMatchObject({ source: 'helm-service', data: carts });
    expect(of('remediation.finished')).toBeUndefined();
  });
});
