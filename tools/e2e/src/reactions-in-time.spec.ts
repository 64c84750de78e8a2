import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlayedContext, PROJECT, subject } from './played-context';
import { type Launch, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const SHIPYARD = `
stages:
  - name: dev
    deployment_strategy: direct
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
`;

const HOUR_MS = 3_600_000;
const APPROVAL_TRIGGERED = 'sh.keptn.event.approval.triggered';
const APPROVAL_FINISHED = 'sh.keptn.event.approval.finished';
const ARTEFACT = { image: 'carts', tag: '1', result: 'pass' };
const PROBLEM = { State: 'OPEN', ProblemTitle: 'Response time degradation' };

let launch: Launch;
let system: LaunchedSystem;
/** The remediation whose wait time ends while shipyard-controller is not there. */
let acted: PlayedContext;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** Stores an event with the time that it says: the clock of the log. */
async function store(event: Readonly<Record<string, unknown>>): Promise<void> {
  const complete = { specversion: '1.0', id: randomUUID(), source: 'remediation-service', ...event };
  const { status } = await system.call('POST', '/mongodb-datastore/event', complete);
  expect(status).toBe(201);
}

async function createProject(): Promise<void> {
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('POST', `/configuration-service/v1/project/${PROJECT}/stage/production/service/carts/resource`, {
      resources: [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }],
    }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
}

/** A remediation whose action was done two hours ago, as the log holds it. */
async function actTwoHoursAgo(): Promise<PlayedContext> {
  const context = PlayedContext.of(system, randomUUID());
  const action = randomUUID();
  const result = { actionIndex: 0, actionName: 'scaling' };
  const done = { action: { result: 'pass', status: 'succeeded' } };
  const history: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    ['remediation.triggered', { problem: PROBLEM }],
    ['remediation.status.changed', { remediation: { status: 'succeeded', result } }],
    ['action.triggered', { action: { action: 'scaling' }, problem: PROBLEM }, { id: action }],
    ['action.finished', done, { triggeredid: action, source: 'an-executor' }],
  ];
  for (const [type, data, more] of history) {
    const event = { type: `sh.keptn.event.${type}`, shkeptncontext: context.id, data: subject('production', data) };
    await store({ ...event, time: hoursAgo(2), ...more });
  }
  return context;
}

beforeAll(async () => {
  const settings = {
    WAIT_TIME_MINUTES: '1h',
    APPROVAL_SUPERSEDE: 'true',
    APPROVAL_REMINDER: '1h',
    APPROVAL_EXPIRY: '3h',
  };
  launch = await newLaunch({ ...settings, KEPTN_WITHOUT: 'lighthouse-service,shipyard-controller' });
  system = await startSystem(launch);
  await createProject();
  acted = await actTwoHoursAgo();
  await system.interrupt();
  system = await startSystem({ ...launch, environment: { ...settings, KEPTN_WITHOUT: 'lighthouse-service' } });
});

afterAll(async () => {
  await system.interrupt();
  await removeData(launch);
});

describe('a remediation', () => {
  it('whose wait time ended while nobody was there is evaluated at the next start', async () => {
    const [evaluation] = await PlayedContext.of(system, acted.id).received('sh.keptn.event.start-evaluation');
    const { start, end } = evaluation?.data as { start: string; end: string };
    expect(Date.parse(end) - Date.parse(start)).toBe(HOUR_MS);
    expect(evaluation?.source).toBe('remediation-service');
  });

  it('begins once for a problem that is reported in several contexts at the same moment', async () => {
    const data = subject('production', { ...PROBLEM, PID: 'P-1' });
    const contexts = await Promise.all(
      Array.from({ length: 8 }, () => PlayedContext.begin(system, 'sh.keptn.event.problem.open', data)),
    );
    await Promise.all(contexts.map((context) => context.explained('remed')));
    const ends = async () => {
      const all = (await Promise.all(contexts.map((context) => context.events()))).map((events) =>
        events.map(({ type }) => type.replace('sh.keptn.event.', '')),
      );
      const begun = all.filter((types) => types.includes('remediation.triggered'));
      return {
        acting: all.filter((types) => types.includes('action.triggered')).length,
        undecided: begun.filter((types) => !/action.triggered|remediation.finished/.test(types.join())).length,
      };
    };
    await expect.poll(ends, { timeout: 20_000 }).toEqual({ acting: 1, undecided: 0 });
  });
});

describe('an open approval', () => {
  const begin = () => PlayedContext.begin(system, APPROVAL_TRIGGERED, subject('production', ARTEFACT));
  const ask = async (time: string) => {
    const context = PlayedContext.of(system, randomUUID());
    const data = { ...subject('elsewhere', ARTEFACT), service: randomUUID() };
    await store({ type: APPROVAL_TRIGGERED, source: 'gatekeeper-service', shkeptncontext: context.id, time, data });
    return context;
  };

  it('is superseded by that of a newer artifact', async () => {
    const older = await begin();
    await older.received(APPROVAL_TRIGGERED);
    await older.explained('waits for a person');
    const newer = await begin();
    const [answer] = await older.received(APPROVAL_FINISHED);
    expect(answer).toMatchObject({
      source: 'gatekeeper-service',
      data: { approval: { result: 'failed', status: 'succeeded', decidedBy: 'gatekeeper-service' } },
    });
    await newer.explained('waits for a person');
    expect(await newer.events()).toHaveLength(1);
  });

  it('is called to mind, by the time in the log', async () => {
    const context = await ask(hoursAgo(2));
    const [reminder] = await context.received('sh.keptn.event.approval.reminder');
    expect(reminder).toMatchObject({ source: 'gatekeeper-service', data: { reminder: 2, image: 'carts', tag: '1' } });
  });

  it('expires, by the time in the log', async () => {
    const context = await ask(hoursAgo(4));
    const [answer] = await context.received(APPROVAL_FINISHED);
    expect(answer).toMatchObject({ data: { approval: { result: 'failed' } } });
    expect((await context.events()).map(({ type }) => type)).toEqual([APPROVAL_TRIGGERED, APPROVAL_FINISHED]);
  });
});
