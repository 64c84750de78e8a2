import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { PlayedContext } from './played-context';
import { base64 } from './quality-gate';

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

let problem: PlayedContext;

const bed = bridgeBed(async (system) => {
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
});

/** An executor says that the latest action has failed. */
const failAction = async (count: number): Promise<void> => {
  const triggered = (await problem.received('sh.keptn.event.action.triggered', count)).at(-1);
  const answer = { ...SUBJECT, action: { result: 'fail', status: 'errored' } };
  await problem.send('sh.keptn.event.action.finished', answer, { triggeredid: triggered?.id });
};

describe('problems', { timeout: TIMEOUT_MS }, () => {
  it('are listed with what is done about them, and the list follows', async () => {
    await bed.bridge.open(`problems?project=${PROJECT}`);
    await bed.bridge.isAt('Problems');
    await bed.bridge.shows(/Response time degradation/);
    await bed.bridge.shows('latest action: scaling');
    expect(await bed.bridge.examine('problems')).toEqual([]);
    const asked: string[] = [];
    bed.bridge.page.on('request', (request) => asked.push(request.url()));
    await failAction(1);
    await bed.bridge.shows('latest action: featuretoggle');
    bed.bridge.page.removeAllListeners('request');
    // The answer is as new as the event that led to the request.
    expect(asked.every((url) => /[?&]notOlderThan=[1-9]/.test(url))).toBe(true);
  });

  it('are told step by step', async () => {
    await bed.bridge.page.getByRole('link', { name: 'Response time degradation' }).click();
    await bed.bridge.isAt('Response time degradation');
    await bed.bridge.shows(/for action\.started or action\.finished/);
    const headings = bed.bridge.page.getByRole('heading', { level: 2 });
    expect(await headings.allInnerTexts()).toEqual(['Reported', 'Action 1: scaling', 'Action 2: featuretoggle']);
    await bed.bridge.page.getByText('fail', { exact: true }).first().waitFor();
    expect(await bed.bridge.examine('problem')).toEqual([]);
    await failAction(2);
    await bed.bridge.shows('Remediation finished');
  });

  it('leave the list of open ones by themselves when they are closed', async () => {
    await bed.bridge.open(`problems?project=${PROJECT}&state=open`);
    await bed.bridge.shows(/Response time degradation/);
    await problem.send('sh.keptn.event.problem.open', { ...PROBLEM, State: 'RESOLVED' });
    await bed.bridge.shows(/There are no such problems/);
    await bed.bridge.page.getByRole('link', { name: 'Closed' }).click();
    await bed.bridge.shows(/Response time degradation/);
    const { json } = await bed.system.call('GET', `/shipyard-controller/v1/problem?project=${PROJECT}`);
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
    const other = PlayedContext.of(bed.system, randomUUID());
    await other.send('sh.keptn.event.problem.open', { ...PROBLEM, PID: 'p18', ProblemTitle: 'Failure rate' });
    await bed.bridge.open(`project/${PROJECT}`);
    await bed.bridge.page.getByRole('link', { name: 'problem', exact: true }).click();
    await bed.bridge.isAt('Problems');
    await bed.bridge.shows('Failure rate');
    const field = (name: string) => bed.bridge.page.getByLabel(name, { exact: true });
    const chosen = ['Project', 'Stage', 'Service'].map((name) => field(name).inputValue());
    expect(await Promise.all(chosen)).toEqual([PROJECT, 'production', 'carts']);
    await field('Service').fill('orders');
    await bed.bridge.press('Search');
    await bed.bridge.shows(/There are no such problems/);
    await bed.bridge.press('Clear');
    await bed.bridge.shows('Failure rate');
    expect(await field('Project').inputValue()).toBe('');
  });

  it('may be on a later page than the first one, which says so', async () => {
    await bed.bridge.page.route(/\/v1\/problem\?/, async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('pageSize', '1');
      await route.continue({ url: url.href });
    });
    await bed.bridge.open(`problems?project=${PROJECT}&state=closed`);
    await bed.bridge.shows(/Older ones may be/);
    await bed.bridge.press('More problems');
    await bed.bridge.shows('Response time degradation');
    await bed.bridge.page.unroute(/\/v1\/problem\?/);
  });

  it('are open again when they are reported again, and called what they are called by then', async () => {
    await bed.bridge.open(`problem/${problem.id}`);
    await bed.bridge.isAt('Response time degradation');
    await bed.bridge.page.getByText('closed', { exact: true }).first().waitFor();
    await problem.send('sh.keptn.event.problem.open', { ...PROBLEM, ProblemTitle: 'Response time again' });
    await bed.bridge.isAt('Response time again');
    await bed.bridge.page.getByText('open', { exact: true }).first().waitFor();
  });
});

describe('the system', { timeout: TIMEOUT_MS }, () => {
  it('is seen to have delivered an event once it has', async () => {
    await bed.bridge.open('system');
    await bed.bridge.shows('live');
    const last = await bed.bridge.page.getByText(/^number \d+$/).innerText();
    await problem.send('io.example.delivered', SUBJECT);
    await bed.bridge.page.getByText(last, { exact: true }).waitFor({ state: 'detached' });
    await bed.bridge.shows('none is behind');
  });
});

describe('a run with its events', () => {
  it('is read page by page, with what was decided about each', async () => {
    const read = async (query: string) => {
      const { json } = await bed.system.call('GET', `/shipyard-controller/v1/run/${problem.id}${query}`);
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
    const { status, json } = await bed.system.call('GET', `/shipyard-controller/v1/run/${randomUUID()}`);
    expect([status, json]).toEqual([404, expect.objectContaining({ reason: 'CONTEXT_NOT_FOUND' })]);
  });
});

describe('a project that is deleted', { timeout: TIMEOUT_MS }, () => {
  it('takes its problems and its runs out of the pages that show them', async () => {
    const runs = await bed.browser.newPage(bed.address);
    await runs.open('runs');
    await runs.page.getByRole('article').first().waitFor();
    await bed.bridge.open('problems');
    await bed.bridge.shows('Failure rate');
    await Promise.all([bed.bridge.shows('live'), runs.shows('live')]);
    expect((await bed.system.call('DELETE', `/v1/project/${PROJECT}`)).status).toBe(200);
    await bed.bridge.shows(/There are no such problems/);
    await runs.shows(/There are no runs like this/);
    expect(runs.takeComplaints()).toEqual([]);
    await runs.page.close();
  });
});
