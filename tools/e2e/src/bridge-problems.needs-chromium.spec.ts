import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BridgeBrowser, type BridgePage } from './bridge-page';
import { PlayedContext } from './played-context';
import { base64 } from './quality-gate';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

/** Milliseconds; a browser on a busy machine. */
const TIMEOUT_MS = 120_000;

const PROJECT = `remedied-${randomUUID().slice(0, 8)}`;
const SUBJECT = { project: PROJECT, stage: 'production', service: 'carts', labels: null };
const SHIPYARD = 'stages:\n- {name: production, deployment_strategy: direct, remediation_strategy: automated}\n';
const REMEDIATION = `
apiVersion: spec.keptn.sh/0.1.4
kind: Remediation
metadata: {name: carts}
spec:
  remediations:
  - problemType: default
    actionsOnOpen:
    - {name: Scale up, action: scaling, value: "1"}
    - {name: Feature off, action: featuretoggle}
`;
const PROBLEM = {
  ...SUBJECT,
  ...{ State: 'OPEN', ProblemTitle: 'Response time degradation', ProblemID: 'P-17', PID: 'p17' },
  ...{ ProblemURL: 'https://monitoring.example/problems/17', ImpactedEntity: 'carts-primary' },
};

let system: LaunchedSystem;
let browser: BridgeBrowser;
let bridge: BridgePage;
let problem: PlayedContext;

beforeAll(async () => {
  system = await startSystem(await newLaunch());
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('POST', `/configuration-service/v1/project/${PROJECT}/stage/production/service/carts/resource`, {
      resources: [{ resourceURI: 'remediation.yaml', resourceContent: base64(REMEDIATION) }],
    }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
  problem = PlayedContext.of(system, randomUUID());
  await problem.send('sh.keptn.event.problem.open', PROBLEM);
  ({ browser, bridge } = await BridgeBrowser.signedIn(system, 'ada'));
}, TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  await system.interrupt();
  await removeData(system.launch);
});

/** What the browser complains of fails any test that has not asked for it. */
afterEach(() => {
  expect(bridge.takeComplaints()).toEqual([]);
});

/** An executor says that the latest action has failed. */
const failAction = async (count: number): Promise<void> => {
  const triggered = (await problem.received('sh.keptn.event.action.triggered', count)).at(-1);
  const answer = { ...SUBJECT, action: { result: 'fail', status: 'errored' } };
  await problem.send('sh.keptn.event.action.finished', answer, { triggeredid: triggered?.id });
};

describe('problems', { timeout: TIMEOUT_MS }, () => {
  it('are listed with what is done about them, and the list follows', async () => {
    await bridge.open(`problems?project=${PROJECT}`);
    await bridge.isAt('Problems');
    await bridge.shows(/Response time degradation/);
    await bridge.shows('latest action: scaling');
    expect(await bridge.examine('problems')).toEqual([]);
    const asked: string[] = [];
    bridge.page.on('request', (request) => asked.push(request.url()));
    await failAction(1);
    await bridge.shows('latest action: featuretoggle');
    bridge.page.removeAllListeners('request');
    // The answer is as new as the event that led to the request.
    expect(asked.every((url) => /[?&]notOlderThan=[1-9]/.test(url))).toBe(true);
  });

  it('are told step by step', async () => {
    await bridge.page.getByRole('link', { name: 'Response time degradation' }).click();
    await bridge.isAt('Response time degradation');
    await bridge.shows(/for action\.started or action\.finished/);
    const headings = bridge.page.getByRole('heading', { level: 2 });
    expect(await headings.allInnerTexts()).toEqual(['Reported', 'Action 1: scaling', 'Action 2: featuretoggle']);
    await bridge.page.getByText('fail', { exact: true }).first().waitFor();
    expect(await bridge.examine('problem')).toEqual([]);
    await failAction(2);
    await bridge.shows('Remediation finished');
  });

  it('leave the list of open ones by themselves when they are closed', async () => {
    await bridge.open(`problems?project=${PROJECT}&state=open`);
    await bridge.shows(/Response time degradation/);
    await problem.send('sh.keptn.event.problem.open', { ...PROBLEM, State: 'RESOLVED' });
    await bridge.shows(/There are no such problems/);
    await bridge.page.getByRole('link', { name: 'Closed' }).click();
    await bridge.shows(/Response time degradation/);
    const { json } = await system.call('GET', `/shipyard-controller/v1/problem?project=${PROJECT}`);
    expect(json).toMatchObject({
      problems: [
        {
          ...{ keptnContext: problem.id, state: 'closed', title: 'Response time degradation', entity: 'carts-primary' },
          remediation: { state: 'finished', result: 'failed', action: 'featuretoggle' },
        },
      ],
      nextPageKey: '0',
    });
  });

  it('are linked from the board while they are open', async () => {
    const other = PlayedContext.of(system, randomUUID());
    await other.send('sh.keptn.event.problem.open', { ...PROBLEM, PID: 'p18', ProblemTitle: 'Failure rate' });
    await bridge.open(`project/${PROJECT}`);
    await bridge.page.getByRole('link', { name: 'problem', exact: true }).click();
    await bridge.isAt('Problems');
    await bridge.shows('Failure rate');
  });
});

describe('the system', { timeout: TIMEOUT_MS }, () => {
  it('is seen to have delivered an event once it has', async () => {
    await bridge.open('system');
    await bridge.shows('live');
    const last = await bridge.page.getByText(/^number \d+$/).innerText();
    await problem.send('io.example.delivered', SUBJECT);
    await bridge.page.getByText(last, { exact: true }).waitFor({ state: 'detached' });
    await bridge.shows('none is behind');
  });
});

describe('a run with its events', () => {
  it('is read page by page, with what was decided about each', async () => {
    const read = async (query: string) => {
      const { json } = await system.call('GET', `/shipyard-controller/v1/run/${problem.id}${query}`);
      return json as { events: { event: { id: string }; decisions: unknown[] }[]; nextPageKey: string };
    };
    await expect.poll(async () => (await read('')).events.length).toBeGreaterThan(8);
    const all = await read('');
    expect(all.events[0]?.decisions).toMatchObject([{ part: 'remediation' }]);
    expect(all.events.map(({ event }) => event.id)).toEqual((await problem.events()).map(({ id }) => id));
    const paged: string[] = [];
    for (let key = ''; key !== '0';) {
      const page = await read(`?pageSize=3&nextPageKey=${key}`);
      paged.push(...page.events.map(({ event }) => event.id));
      key = page.nextPageKey;
    }
    expect(paged).toEqual(all.events.map(({ event }) => event.id));
    expect(await read('?nextPageKey=nonsense')).toMatchObject({ code: 400, reason: 'INVALID_PAGE_KEY' });
    const { status, json } = await system.call('GET', `/shipyard-controller/v1/run/${randomUUID()}`);
    expect([status, json]).toEqual([404, expect.objectContaining({ reason: 'CONTEXT_NOT_FOUND' })]);
  });
});

describe('a project that is deleted', { timeout: TIMEOUT_MS }, () => {
  it('takes its problems and its runs out of the pages that show them', async () => {
    const runs = await browser.newPage(`http://localhost:${system.launch.firstPort}/bridge/`);
    await runs.open('runs');
    await runs.page.getByRole('article').first().waitFor();
    await bridge.open('problems');
    await bridge.shows('Failure rate');
    await Promise.all([bridge.shows('live'), runs.shows('live')]);
    expect((await system.call('DELETE', `/v1/project/${PROJECT}`)).status).toBe(200);
    await bridge.shows(/There are no such problems/);
    await runs.shows(/There are no runs like this/);
    expect(runs.takeComplaints()).toEqual([]);
    await runs.page.close();
  });
});
