import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptnJson, runKeptn } from './keptn-command';
import {
  CHANGE,
  type Data,
  FUNCTIONAL,
  PATIENCE,
  PERFORMANCE,
  PlayedContext,
  PROJECT,
  subject,
} from './played-context';
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

const CARTS = '/configuration-service/v1/project/sockshop/stage/production/service/carts';
const WAIT_TIME_S = 2;

let system: LaunchedSystem;

const newArtifact = (image?: string) => PlayedContext.newArtifact(system, image);

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
  it('is seen in the first stage before anybody deploys it, and is not offered to the view, which would refuse it', async () => {
    const { id } = await newArtifact();
    const look = async (path: string) => (await system.call('GET', path)).json;
    const found = () => look(`/shipyard-controller/v1/run?keptnContext=${id}&stage=dev&image=registry:5000/carts`);
    await expect.poll(found, PATIENCE).toMatchObject({ runs: [{ steps: [{ stage: 'dev', state: 'deploying' }] }] });
    expect(await look(`/shipyard-controller/v1/project/${PROJECT}/board`)).toMatchObject({
      stages: [
        { name: 'dev', services: [{ openRuns: [{ keptnContext: id, image: 'registry:5000/carts:1' }] }] },
        { services: [{ openRuns: [] }] },
        { services: [{ openRuns: [] }] },
      ],
    });
    expect(await look(`/event-broker/v1/explanation/${id}`)).toMatchObject({
      events: [{ type: CHANGE, deliveries: [{ subscription: 'shipyard-controller' }] }],
    });
  });

  it('goes through three stages, asks a person before the last one, and keeps the image as it was sent', async () => {
    const context = await newArtifact();
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

  it('of a bad artifact ends with a discarded canary, and says why', async () => {
    const context = await newArtifact();
    await context.deliver('staging', 'fail', PERFORMANCE);
    const [, discarded] = await context.received(CHANGE, 2);
    expect(discarded).toMatchObject({ data: { stage: 'staging', canary: { action: 'discard' } } });
    const explanation = await system.call('GET', `/shipyard-controller/v1/explanation/${context.id}`);
    expect(explanation.text).toContain('not promoted: the evaluation is fail, so the canary is discarded');
  });

  it('that is only good enough waits for a person, who declines', async () => {
    const context = await newArtifact();
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
    const context = await newArtifact();
    const { json } = await system.call('GET', `/shipyard-controller/v1/explanation/${context.id}`);
    expect(json).toMatchObject({
      events: [{ awaits: 'deployment-finished from an execution-plane service that deploys, such as helm-service' }],
    });
  });
});

describe('a remediation', () => {
  it('tries one action after the other until the service is well', async () => {
    const context = await PlayedContext.begin(system, 'sh.keptn.event.problem.open', {
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
    const environment = { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() };
    const words = ['get', 'problems', '--stage=production', '--limit=1'];
    await expect
      .poll(() => keptnJson(words, { environment }))
      .toMatchObject([
        { keptnContext: context.id, state: 'open', remediation: { action: 'toggle-feature', result: 'pass' } },
      ]);
  });
});

describe('a verdict', () => {
  it('of warning deploys into a stage that asks nobody, and asks where the stage says so', async () => {
    const context = await newArtifact();
    await context.deliver('production', 'warning', PERFORMANCE);
    await context.received(CHANGE, 2);
    expect(await context.changes()).toEqual([
      ['', 'set'],
      ['production', 'promote'],
    ]);
  });

  it('of fail leaves a direct deployment as it is', async () => {
    const context = await newArtifact();
    await context.deliver('dev', 'fail', FUNCTIONAL);
    await context.explained('not promoted: the evaluation is fail');
    expect(await context.changes()).toHaveLength(1);
  });

  it('on a stage that the shipyard does not have leads no further', async () => {
    const context = await newArtifact();
    await context.deliver('elsewhere', 'pass', FUNCTIONAL);
    await context.received(CHANGE, 2);
    expect(await context.changes()).toEqual([
      ['', 'set'],
      ['elsewhere', 'promote'],
    ]);
    await context.explained('no stage comes after it');
  });

  it('promotes the artifact of its own run while a newer one is on its way', async () => {
    const [older, newer] = [await newArtifact('carts:1'), await newArtifact('carts:2')];
    await older.send(
      'sh.keptn.events.deployment-finished',
      subject('dev', { ...FUNCTIONAL, image: 'carts', tag: '1' }),
    );
    await newer.deliver('dev', 'pass', { ...FUNCTIONAL, image: 'carts', tag: '2' });
    await older.send('sh.keptn.events.tests-finished', subject('dev', { ...FUNCTIONAL, result: 'pass' }));
    await older.send('sh.keptn.events.evaluation-done', subject('dev', { ...FUNCTIONAL, result: 'pass' }));
    const images = await Promise.all(
      [older, newer].map(async (context) => (await context.received(CHANGE, 3))[2]?.data['valuesCanary']),
    );
    expect(images).toEqual([{ image: 'carts:1' }, { image: 'carts:2' }]);
  });

  it('goes by the shipyard as it is when the verdict comes', async () => {
    const context = await newArtifact('carts:1');
    await context.send(
      'sh.keptn.events.deployment-finished',
      subject('dev', { ...FUNCTIONAL, image: 'carts', tag: '1' }),
    );
    const path = `/configuration-service/v1/project/${PROJECT}/resource/shipyard.yaml`;
    const write = (text: string) => system.call('PUT', path, { resourceContent: base64(text) });
    await write(SHIPYARD.replace(/ {4}approval_strategy.*\n/, ''));
    await context.send('sh.keptn.events.tests-finished', subject('dev', { ...FUNCTIONAL, result: 'pass' }));
    await context.send('sh.keptn.events.evaluation-done', subject('dev', { ...FUNCTIONAL, result: 'pass' }));
    await context.received(CHANGE, 3);
    await write(SHIPYARD);
    expect((await context.events()).map(({ type }) => type)).not.toContain('sh.keptn.event.approval.triggered');
  });
});

describe('what is under way', () => {
  it('is listed, is on the board, and is decided by the command', async () => {
    const environment = { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() };
    const words = ['send', 'event', 'new-artifact', `--project=${PROJECT}`, '--service=carts', '--image=carts:7'];
    const sent = await runKeptn(words, { environment });
    expect(sent.stderr).toContain('Waiting for deployment-finished from an execution-plane service that deploys');

    const image = { ...FUNCTIONAL, image: 'carts', tag: '7', labels: { build: '7' } };
    const context = await newArtifact('carts:7');
    await context.deliver('dev', 'warning', image);
    const [approval] = await context.received('sh.keptn.event.approval.triggered');
    const find = () => keptnJson(['get', 'runs', '--label=build=7', '--state=open'], { environment });
    await expect.poll(find).toMatchObject([
      {
        keptnContext: context.id,
        kind: 'delivery',
        steps: [
          { stage: 'dev', state: 'finished', result: 'warning', image: 'carts:7' },
          { stage: 'staging', state: 'awaiting approval', awaits: 'approval.finished from a person who decides' },
        ],
      },
    ]);
    const waiting = (await keptnJson(['get', 'approvals', '--stage=staging'], { environment })) as Data[];
    expect(waiting).toContainEqual(expect.objectContaining({ eventId: approval?.id, image: 'carts:7' }));

    const board = await system.call('GET', `/shipyard-controller/v1/project/${PROJECT}/board`);
    expect(board.json).toMatchObject({
      stages: [
        { name: 'dev', services: [{ name: 'carts', image: 'carts:7', result: 'warning', deployedBy: context.id }] },
        {
          name: 'staging',
          services: [
            {
              openApprovals: expect.arrayContaining([expect.objectContaining({ keptnContext: context.id })]) as unknown,
            },
          ],
        },
        { name: 'production' },
      ],
    });

    const approve = () => runKeptn(['approve', approval?.id ?? '', '--by=ada'], { environment });
    expect((await approve()).code).toBe(0);
    await context.received(CHANGE, 3);
    const late = await runKeptn(['decline', approval?.id ?? '', '--by=bob'], { environment });
    expect(late.code).not.toBe(0);
    expect(late.stderr).toContain('approved by ada');
  });

  it('is the same once it is made again from the log', async () => {
    const list = async () => {
      const { json } = await system.call('GET', '/shipyard-controller/v1/run?pageSize=100');
      return (json as { runs: Data[] }).runs;
    };
    const before = await list();
    const { status, json } = await system.call('POST', '/shipyard-controller/v1/run/rebuild');
    expect([status, json]).toEqual([200, { runs: before.length }]);
    expect(await list()).toEqual(before);
  });

  it('is read page by page', async () => {
    const page = async (key: string) => {
      const { json } = await system.call('GET', `/shipyard-controller/v1/run?pageSize=3&nextPageKey=${key}`);
      return json as { runs: { keptnContext: string }[]; nextPageKey: string };
    };
    const contexts: string[] = [];
    for (let key = ''; key !== '0';) {
      const { runs, nextPageKey } = await page(key);
      contexts.push(...runs.map(({ keptnContext }) => keptnContext));
      key = nextPageKey;
    }
    const { json } = await system.call('GET', '/shipyard-controller/v1/run?pageSize=100');
    expect(contexts).toEqual(
      (json as { runs: { keptnContext: string }[] }).runs.map(({ keptnContext }) => keptnContext),
    );
    expect(await page('nonsense')).toMatchObject({ code: 400, reason: 'INVALID_PAGE_KEY' });
  });
});

describe('two people who decide at the same moment', () => {
  /** The command makes the same request, in a process of its own, whose start is what takes time. */
  const BY_COMMAND = 10;

  it('come to one decision and one deployment, each of a hundred times', async () => {
    const environment = { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() };
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const data = subject('production', { image: 'carts', tag: '1', result: 'pass' });
          const context = await PlayedContext.begin(system, 'sh.keptn.event.approval.triggered', data);
          const [approval] = await context.received('sh.keptn.event.approval.triggered');
          const path = `/shipyard-controller/v1/approval/${approval?.id ?? ''}`;
          const isAccepted = async (by: string) =>
            round * 10 + index < BY_COMMAND && by === 'bob'
              ? (await runKeptn(['approve', approval?.id ?? '', '--by=bob'], { environment })).code === 0
              : (await system.call('POST', path, { result: 'pass', decidedBy: by })).status === 200;
          const accepted = await Promise.all([isAccepted('ada'), isAccepted('bob')]);
          expect(accepted.filter(Boolean)).toHaveLength(1);
          await context.received(CHANGE);
          await context.explained('approved by');
          const types = (await context.events()).map(({ type }) => type);
          expect(types).toEqual(['sh.keptn.event.approval.triggered', 'sh.keptn.event.approval.finished', CHANGE]);
        }),
      );
    }
  }, 120_000);
});
