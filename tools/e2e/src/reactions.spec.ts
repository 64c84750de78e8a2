import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const SHIPYARD = `
stages:
  - name: dev
    deployment_strategy: direct
    test_strategy: functional
  - name: staging
    deployment_strategy: blue_green_service
    test_strategy: performance
    approval_strategy: { pass: automatic, warning: manual }
  - name: production
    deployment_strategy: blue_green_service
    approval_strategy: { pass: manual, warning: manual }
    remediation_strategy: automated
`;

const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
spec:
  remediations:
    - problemType: Response time
      actionsOnOpen:
        - { action: scaling, name: Scale up, value: "1" }
        - { action: toggle-feature, name: Switch off }
`;

const PROJECT = 'sockshop';
const CARTS = '/configuration-service/v1/project/sockshop/stage/production/service/carts';
const WAIT_TIME_S = 2;

/** How long an event may take on a busy machine; in milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 50 };

interface Event {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly shkeptncontext: string;
  readonly triggeredid?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Data = Readonly<Record<string, unknown>>;

let system: LaunchedSystem;

/** A Keptn context in which the test plays helm-service, jmeter-service, lighthouse-service and those who act. */
class Context {
  private constructor(readonly id: string) {}

  /** Sends the first event through the API. */
  static async begin(type: string, data: Data): Promise<Context> {
    const { json } = await system.call('POST', '/v1/event', { type, source: 'a-test', data: subject('', data) });
    return new Context((json as { keptnContext: string }).keptnContext);
  }

  async send(type: string, data: Data, more: Data = {}): Promise<void> {
    const event = { type, source: 'a-test', shkeptncontext: this.id, data, ...more };
    const { status } = await system.call('POST', '/v1/event', event);
    expect(status).toBe(200);
  }

  /** The events of a type, as soon as there are so many. */
  received(type: string, count = 1): Promise<readonly Event[]> {
    return vi.waitFor(async () => {
      const events = await this.events();
      const found = events.filter((event) => event.type === type);
      if (found.length < count)
        throw new Error(`${found.length} of ${count} ${type}: ${JSON.stringify(events, null, 1)}`);
      return found;
    }, PATIENCE);
  }

  async events(): Promise<readonly Event[]> {
    const query = `keptnContext=${this.id}&order=oldest&pageSize=100`;
    const { json } = await system.call('GET', `/mongodb-datastore/event?${query}`);
    return (json as { events: readonly Event[] }).events;
  }

  /** What helm-service, jmeter-service and lighthouse-service do in a stage. */
  async deliver(stage: string, result: string, strategies: Data = {}): Promise<void> {
    await this.send(
      'sh.keptn.events.deployment-finished',
      subject(stage, { ...strategies, image: 'registry', tag: '5000/carts' }),
    );
    await this.send('sh.keptn.events.tests-finished', subject(stage, { ...strategies, result: 'pass' }));
    await this.send('sh.keptn.events.evaluation-done', subject(stage, { ...strategies, result }));
  }
}

function subject(stage: string, data: Data = {}): Data {
  return { project: PROJECT, stage, service: 'carts', labels: null, ...data };
}

const CHANGE = 'sh.keptn.event.configuration.change';
const FUNCTIONAL = { teststrategy: 'functional', deploymentstrategy: 'direct' };
const PERFORMANCE = { teststrategy: 'performance', deploymentstrategy: 'blue_green_service' };

function newArtefact(): Promise<Context> {
  const valuesCanary = { image: 'registry:5000/carts:1' };
  return Context.begin(CHANGE, { valuesCanary, canary: { action: 'set', value: 100 } });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeAll(async () => {
  // The test plays what other optional services would do.
  const others = SERVICES.filter(({ isOptional, name }) => isOptional && name !== 'shipyard-controller');
  system = await startSystem(
    await newLaunch({ WAIT_TIME_MINUTES: `${WAIT_TIME_S}s`, KEPTN_WITHOUT: others.map(({ name }) => name).join(',') }),
  );
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('POST', `${CARTS}/resource`, {
      resources: [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }],
    }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
});

afterAll(async () => {
  await system.interrupt();
  await removeData(system.launch);
});

describe('a delivery', () => {
  it('goes through three stages, asks a person before the last one, and keeps the image as it was sent', async () => {
    const context = await newArtefact();
    await context.deliver('dev', 'pass', FUNCTIONAL);
    const [, promoted, staging] = await context.received(CHANGE, 3);
    expect(promoted).toMatchObject({
      source: 'gatekeeper-service',
      data: { stage: 'dev', canary: { action: 'promote' } },
    });
    expect(staging).toMatchObject({
      source: 'gatekeeper-service',
      data: {
        stage: 'staging',
        valuesCanary: { image: 'registry:5000/carts:1' },
        canary: { action: 'set', value: 100 },
        labels: null,
        decision: { because: 'approved by gatekeeper-service' },
      },
    });

    await context.deliver('staging', 'pass', PERFORMANCE);
    const approval = (await context.received('sh.keptn.event.approval.triggered', 2))[1];
    expect(approval).toMatchObject({
      data: { stage: 'production', image: 'registry:5000/carts', tag: '1', result: 'pass' },
    });

    const decide = (decidedBy: string) =>
      system.call('POST', `/shipyard-controller/v1/approval/${approval?.id ?? ''}`, { result: 'pass', decidedBy });
    const answers = await Promise.all([decide('ada'), decide('bob')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.json).toMatchObject({ reason: 'APPROVAL_DECIDED' });

    await context.received(CHANGE, 5);
    await context.deliver('production', 'pass', { teststrategy: '', deploymentstrategy: 'blue_green_service' });
    const changes = await context.received(CHANGE, 6);
    expect(changes.map(({ data }) => [data['stage'], (data['canary'] as Data)['action']])).toEqual([
      ['', 'set'],
      ['dev', 'promote'],
      ['staging', 'set'],
      ['staging', 'promote'],
      ['production', 'set'],
      ['production', 'promote'],
    ]);
    expect(
      (await context.received('sh.keptn.event.approval.finished', 2)).map(({ triggeredid }) => triggeredid),
    ).toContain(approval?.id);
    expect((await system.call('GET', `${CARTS}/approval`)).json).toMatchObject({ approvals: [] });
  });

  it('of a bad artefact ends with a discarded canary, and says why', async () => {
    const context = await newArtefact();
    await context.deliver('staging', 'fail', PERFORMANCE);
    const [, discarded] = await context.received(CHANGE, 2);
    expect(discarded).toMatchObject({ data: { stage: 'staging', canary: { action: 'discard' } } });
    const explanation = await system.call('GET', `/shipyard-controller/v1/explanation/${context.id}`);
    expect(explanation.text).toContain('not promoted: the evaluation is fail, so the canary is discarded');
  });

  it('that is only good enough waits for a person, who declines', async () => {
    const context = await newArtefact();
    await context.deliver('dev', 'warning', FUNCTIONAL);
    const [approval] = await context.received('sh.keptn.event.approval.triggered');
    const data = { ...approval?.data, approval: { result: 'failed', status: 'succeeded' } };
    await context.send('sh.keptn.event.approval.finished', data, { triggeredid: approval?.id });
    const late = await system.call('POST', `/shipyard-controller/v1/approval/${approval?.id ?? ''}`, {
      result: 'pass',
    });
    expect(late).toMatchObject({
      status: 409,
      json: { message: expect.stringContaining('declined by a-test') as string },
    });
    expect((await context.events()).filter(({ type }) => type === CHANGE)).toHaveLength(2);
  });

  it('without anybody who deploys says at once what it waits for', async () => {
    const context = await newArtefact();
    const { json } = await system.call('GET', `/shipyard-controller/v1/explanation/${context.id}`);
    expect(json).toMatchObject({
      events: [{ awaits: 'deployment-finished from an execution-plane service that deploys, such as helm-service' }],
    });
  });
});

describe('a remediation', () => {
  it('tries one action after the other until the service is well', async () => {
    const context = await Context.begin('sh.keptn.event.problem.open', {
      ...subject('production', { labels: { runbook: '17' } }),
      State: 'OPEN',
      PID: 'P-17',
      ProblemTitle: 'Response time degradation',
    });
    for (const [index, result] of ['fail', 'pass'].entries()) {
      const action = (await context.received('sh.keptn.event.action.triggered', index + 1))[index];
      expect(action).toMatchObject({ source: 'remediation-service', data: { labels: { runbook: '17' } } });
      const answer = { triggeredid: action?.id };
      await context.send('sh.keptn.event.action.started', subject('production'), answer);
      const done = subject('production', { action: { result: 'pass', status: 'succeeded' } });
      await context.send('sh.keptn.event.action.finished', done, answer);
      await context.received('sh.keptn.event.start-evaluation', index + 1);
      await context.send(
        'sh.keptn.events.evaluation-done',
        subject('production', { teststrategy: 'real-user', result }),
      );
    }
    const [finished] = await context.received('sh.keptn.event.remediation.finished');
    expect(finished).toMatchObject({ data: { remediation: { status: 'succeeded', result: 'pass' } } });
    expect((await context.events()).map(({ type }) => type)).not.toContain(CHANGE);
    await expect
      .poll(async () => (await system.call('GET', `${CARTS}/remediation`)).json)
      .toMatchObject({ remediations: [] });
  });
});
