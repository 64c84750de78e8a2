import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { bridgeBed } from './bridge-bed';
import { type Data, PlayedContext } from './played-context';
import { base64 } from './quality-gate';

/** Milliseconds; a hundred services, on a busy machine. */
const TIMEOUT_MS = 180_000;

const PROJECT = `foreign-${randomUUID().slice(0, 8)}`;
const SHIPYARD =
  'stages:\n- {name: dev, deployment_strategy: direct}\n- {name: production, remediation_strategy: automated}\n';
const SERVICES = 100;
const LONG = 'n'.repeat(100);

/** What would run a script where a page took it for markup, for a link, or for a template. */
const ATTEMPTS = [
  '<img src=x onerror="alert(1)">',
  '"\'><script>alert(1)</script>',
  'javascript:alert(1)',
  '</title></textarea><svg onload=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}${alert(1)}',
  'data:text/html,<script>alert(1)</script>',
  '__proto__',
  '\u202Egnp.exe \u0000\uD800',
];

const TYPES = [
  'sh.keptn.event.configuration.change',
  'sh.keptn.events.deployment-finished',
  'sh.keptn.events.tests-finished',
  'sh.keptn.events.evaluation-done',
  'sh.keptn.event.approval.triggered',
  'sh.keptn.event.approval.finished',
  'sh.keptn.event.problem.open',
  'sh.keptn.event.remediation.status.changed',
  'sh.keptn.event.action.finished',
  'sh.keptn.event.remediation.finished',
];

/** An event that holds a text wherever an event can hold one that a page shows. */
const filledWith = (text: string): Data => ({
  ...{ project: PROJECT, image: text, tag: text, result: text, message: text, deploymentURIPublic: text },
  ...{ teststrategy: text, deploymentstrategy: text, start: text, end: text, labels: { [text]: text, link: text } },
  ...{ ProblemTitle: text, ProblemURL: text, ImpactedEntity: text, ProblemID: text, Tags: text, State: text },
  valuesCanary: { image: text },
  approval: { result: text, status: text, decidedBy: text },
  action: { name: text, action: text, value: text, result: text, status: text },
  remediation: { status: text, message: text, result: { actionIndex: 0, actionName: text } },
  evaluationdetails: {
    ...{ timeStart: text, timeEnd: text, result: text, score: 0, sloFileContent: text, comparedEvents: [text] },
    indicatorResults: [
      {
        ...{ score: 0, status: 'fail', targets: [{ criteria: text, targetValue: 1, violated: true }] },
        value: { metric: text, value: 1, success: false, message: text, query: text },
      },
    ],
  },
});

/** As lighthouse-services of 0.7 write it where something is missing. */
const EVALUATIONS: readonly Data[] = [
  { evaluationdetails: null, result: 7 },
  {
    evaluationdetails: {
      result: 'no evaluation performed by lighthouse because no SLO found',
      indicatorResults: null,
      score: 0,
    },
    result: 'pass',
  },
  {
    evaluationdetails: {
      result: 'could not parse',
      sloFileContent: base64('objectives: ['),
      indicatorResults: [],
      score: 0,
    },
    result: 'failed',
  },
  {
    evaluationdetails: { sloFileContent: '%%%', indicatorResults: 'none', comparedEvents: 5, score: 'high' },
    result: 'fail',
  },
  {
    evaluationdetails: { indicatorResults: [null, {}, { value: null }], score: 50 },
    result: 'warning',
    labels: { job: 'https://ci.example/17' },
  },
];

let attempts: readonly PlayedContext[];

const inDev = (data: Data): Data => ({ project: PROJECT, stage: 'dev', service: 'service-000', labels: null, ...data });

/** One after the other: changes of a project take turns, and no server has the last of a hundred wait for as long as it takes. */
async function createServices(): Promise<void> {
  for (let index = 0; index < SERVICES; index++) {
    const serviceName = `service-${String(index).padStart(3, '0')}`;
    const { status } = await bed.system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName });
    expect(status).toBe(200);
  }
}

/** Events with the text in every field, in a context of their own. */
async function attempt(text: string): Promise<PlayedContext> {
  const context = PlayedContext.of(bed.system, randomUUID());
  const names = { stage: text, service: text };
  for (const type of TYPES) await context.send(type, { ...filledWith(text), ...names });
  await context.send(`io.example.${text.replace(/\W/g, '')}`, { ...filledWith(LONG), stage: LONG, service: LONG });
  for (const type of ['__proto__', 'constructor']) await context.send(type, inDev(filledWith(text)));
  await context.send('sh.keptn.events.evaluation-done', inDev(filledWith(text)));
  await context.send('sh.keptn.event.problem.open', { ...inDev(filledWith(text)), State: 'OPEN', PID: text });
  return context;
}

const bed = bridgeBed(
  async (system) => {
    expect((await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) })).status).toBe(200);
    await createServices();
    attempts = await Promise.all(ATTEMPTS.map(attempt));
    const context = PlayedContext.of(system, randomUUID());
    for (const data of EVALUATIONS) await context.send('sh.keptn.events.evaluation-done', inDev(data));
    await vi.waitFor(
      async () => {
        const { json } = await system.call('GET', `/shipyard-controller/v1/run?project=${PROJECT}&pageSize=100`);
        expect((json as { runs: unknown[] }).runs).toHaveLength(ATTEMPTS.length + 1);
      },
      { timeout: 20_000, interval: 200 },
    );
  },
  { name: '<b>ada</b>', timeout: TIMEOUT_MS },
);

/** What of the data has become an element that it must not become. */
const injected = (): Promise<string[]> =>
  bed.bridge.page.evaluate<string[]>(
    `Array.from(document.querySelectorAll('#root :is(img, script, iframe, svg[onload], b), a:not([href^="http"], [href^="/"], [href^="#"])'), (element) => element.outerHTML)`,
  );

/** Texts with marks that would turn around what stands beside them. */
const turned = (): Promise<string[]> =>
  bed.bridge.page.evaluate<string[]>(
    `Array.from(document.querySelectorAll('#root *:not(textarea)'), (element) => Array.from(element.childNodes))
      .flat()
      .flatMap(({ nodeType, data }) => (nodeType === Node.TEXT_NODE && /[\\u202A-\\u202E\\u2066-\\u2069]/.test(data) ? [data] : []))`,
  );

describe('events of third parties and of original services', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['projects', (): string => '', /^Projects$/, PROJECT],
    ['the board of a hundred services', (): string => `project/${PROJECT}`, new RegExp(`^${PROJECT}$`), 'service-099'],
    ['runs', (): string => `runs?project=${PROJECT}`, /^Runs$/, 'javascript:alert(1)'],
    ['approvals', (): string => 'approvals', /^Approvals$/, '<img src=x'],
    ['problems', (): string => `problems?project=${PROJECT}`, /^Problems$/, '<img src=x'],
    [
      'evaluations',
      (): string => `evaluations/${PROJECT}/dev/service-000`,
      /^Evaluations of service-000/,
      'All at a glance|Heatmap|Score',
    ],
  ] as const)('break no view: %s', async (name, path, heading, content) => {
    await bed.bridge.open(path());
    await bed.bridge.isAt(heading);
    await bed.bridge.shows(new RegExp(content.replace(/[()]/g, '\\$&')));
    expect([await injected(), await turned()]).toEqual([[], []]);
    if (name === 'evaluations' || name.includes('board')) {
      expect(await bed.bridge.examine(`foreign-${name.replaceAll(' ', '-')}`)).toEqual([]);
    }
  });

  it('break no run and no problem, whatever is in any of their fields', async () => {
    for (const { id } of attempts) {
      await bed.bridge.open(`run/${id}`);
      await bed.bridge.isAt(/^Run: /);
      for (const summary of await bed.bridge.page.locator('summary').all()) await summary.click();
      expect([await injected(), await turned()]).toEqual([[], []]);
      await bed.bridge.open(`problem/${id}`);
      await bed.bridge.page.getByRole('heading', { level: 2, name: 'Reported' }).waitFor();
      expect([await injected(), await turned()]).toEqual([[], []]);
    }
    // The last one has such marks.
    await bed.bridge.shows(/\[U\+202E\]gnp\.exe/);
    expect(await bed.bridge.examine('foreign-problem')).toEqual([]);
  });

  it('show each evaluation, also without details, indicators, or a file that can be read', async () => {
    await bed.bridge.open(`evaluations/${PROJECT}/dev/service-000`);
    await bed.bridge.isAt(/^Evaluations of service-000/);
    const columns = bed.bridge.page.getByRole('region', { name: 'Heatmap' }).getByRole('link');
    expect(await columns.count()).toBe(ATTEMPTS.length + EVALUATIONS.length);
    for (const column of await columns.all()) {
      await column.click();
      await bed.bridge.page.getByRole('heading', { name: /^Evaluation/, level: 2 }).waitFor();
      expect(await injected()).toEqual([]);
    }
    await bed.bridge.shows('https://ci.example/17');
  });
});
