import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bridgeBed, TIMEOUT_MS } from './bridge-bed';
import { base64 } from './quality-gate';

const PROJECT = `judged-${randomUUID().slice(0, 8)}`;
const SHIPYARD = 'stages:\n- {name: staging, deployment_strategy: direct, test_strategy: performance}\n';
const SLO = `
comparison: {compare_with: several_results, number_of_comparison_results: 2, include_result_with_score: pass}
objectives:
- sli: time
  displayName: Response time
  key_sli: true
  pass: [{criteria: ["<=+10%", "<600"]}]
  warning: [{criteria: ["<=800"]}]
- {sli: errors, pass: [{criteria: ["<=5"]}], weight: 2}
- {sli: requests}
total_score: {pass: 90, warning: 60}
`;

const VIEW = `evaluations/${PROJECT}/staging/carts`;
const ROUTE = `/v1/project/${PROJECT}/stage/staging/service/carts/evaluation`;

/** Evaluates values, of which those that are left out have none. */
async function evaluate(time: number, errors?: number): Promise<{ id: string; keptnContext: string }> {
  const indicatorValues = [
    { metric: 'time', value: time },
    { metric: 'requests', value: 1_234_567 },
    ...(errors === undefined ? [] : [{ metric: 'errors', value: errors }]),
  ];
  const answer = await bed.system.call('POST', `${ROUTE}?wait=50s`, { timeframe: '5m', indicatorValues });
  expect(answer).toMatchObject({ status: 200, json: { evaluation: { id: expect.any(String) } } });
  const { evaluation, keptnContext } = answer.json as { evaluation: { id: string }; keptnContext: string };
  return { id: evaluation.id, keptnContext };
}

const bed = bridgeBed(async (system) => {
  const created = [
    await system.call('POST', '/v1/project', { name: PROJECT, shipyard: base64(SHIPYARD) }),
    await system.call('POST', `/v1/project/${PROJECT}/service`, { serviceName: 'carts' }),
    await system.call('POST', `/configuration-service/v1/project/${PROJECT}/stage/staging/service/carts/resource`, {
      resources: [{ resourceURI: 'slo.yaml', resourceContent: base64(SLO) }],
    }),
  ];
  expect(created.map(({ status }) => status)).toEqual([200, 200, 201]);
  for (const [time, errors] of [
    [300, 1],
    [310, 3],
    [900, 2],
    [330, undefined],
    [305, 4],
  ] as const)
    await evaluate(time, errors);
});

const heatmap = () => bed.bridge.page.getByRole('region', { name: 'Heatmap' });
const rowOf = (name: string) => heatmap().getByRole('row', { name });
/** How far it is scrolled to newer ones, for the page to evaluate. */
const SCROLLED = 'document.querySelector("[aria-label=Heatmap]").scrollLeft';
const columns = (name: string) => heatmap().getByRole('columnheader', { name });

describe('the evaluations of a service', { timeout: TIMEOUT_MS }, () => {
  it('are a heatmap, charts and tables, made from one request', async () => {
    const asked: string[] = [];
    bed.bridge.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await bed.bridge.open(VIEW);
    await bed.bridge.isAt('Evaluations of carts in staging');
    // What was evaluated a moment ago may have it made once more.
    expect(new Set(asked.filter((path) => path.includes('/lighthouse-service/'))).size).toBe(1);
    bed.bridge.page.removeAllListeners('request');
    const scores = await rowOf('Score').getByRole('cell').allInnerTexts();
    expect(scores.map((text) => text.replace(/\s+/, ' '))).toEqual([
      'pass 100',
      'pass 100',
      'fail 66.67',
      'fail 33.33',
      'pass 100',
    ]);
    expect((await rowOf('errors').getByRole('cell').allInnerTexts())[3]).toMatch(/fail\s+none/);
    expect(await bed.bridge.page.getByRole('img', { name: /^Response time in 5 evaluations/ }).count()).toBe(1);
    for (const summary of await bed.bridge.page.getByText('As a table').all()) await summary.click();
    expect(await bed.bridge.examine('evaluations')).toEqual([]);
    await bed.bridge.open(VIEW);
    await bed.bridge.isAt('Evaluations of carts in staging');
    await bed.bridge.drawForDocs('evaluations');
  });

  it('say why, in words, what they were compared with, and by which file', async () => {
    await bed.bridge.shows('pass: Response time is 305');
    await bed.bridge.shows('only informs');
    expect(await columns('compared').count()).toBe(2);
    expect(await bed.bridge.page.getByLabel(/^SLO file/).inputValue()).toContain('displayName: Response time');
  });

  it('are chosen by keyboard, one at a time, each with a URL of its own', async () => {
    await heatmap().getByRole('link').nth(2).focus();
    await bed.bridge.page.keyboard.press('Enter');
    await bed.bridge.page.waitForURL(/evaluation=/);
    await heatmap().locator('a:focus').waitFor();
    await bed.bridge.shows('it is a key SLI, so the evaluation fails');
    await bed.bridge.page.reload();
    await bed.bridge.shows('it is a key SLI, so the evaluation fails');
    expect(await bed.bridge.examine('evaluation-failed')).toEqual([]);
  });

  it('do not count when somebody says so, until somebody takes it back', async () => {
    await bed.bridge.page.getByLabel('Why it should not count').fill('load test broke');
    await bed.bridge.shows(/^keptn invalidate evaluation \S+ --reason='load test broke'$/);
    await bed.bridge.page.keyboard.press('Enter');
    await bed.bridge.shows(/Declared invalid .*: load test broke/);
    expect(await columns('invalid').count()).toBe(1);
    await bed.bridge.page.getByLabel('Why it counts after all').fill('it was sound');
    await bed.bridge.page.keyboard.press('Enter');
    await bed.bridge.page.getByLabel('Why it should not count').waitFor();
  });

  it('show what another SLO file would have made of them', async () => {
    await bed.bridge.page.getByLabel(/^SLO file/).fill('objectives: 1');
    await bed.bridge.page.getByRole('button', { name: 'Try against the past' }).click();
    await bed.bridge.shows(/status 400, INVALID_SLO/);
    expect(bed.bridge.takeComplaints()).toEqual([expect.stringContaining('400')]);
    await bed.bridge.page.getByLabel(/^SLO file/).fill('objectives: [{sli: time, pass: [{criteria: ["<=320"]}]}]');
    await bed.bridge.page.getByRole('button', { name: 'Try against the past' }).click();
    await bed.bridge.shows(/of the last 5 would have ended differently/);
    expect(await bed.bridge.examine('evaluations-tried')).toEqual([]);
  });

  it('appear by themselves, take nothing from who is at another, and lead to the run and back', async () => {
    await bed.bridge.page.setViewportSize({ width: 390, height: 900 });
    await bed.bridge.open(VIEW);
    await bed.bridge.isAt('Evaluations of carts in staging');
    await expect.poll(() => bed.bridge.page.evaluate(SCROLLED)).toBeGreaterThan(0);
    await bed.bridge.page.evaluate(`${SCROLLED} = 0`);
    await bed.bridge.page.getByLabel('Why it should not count').fill('the load test');
    await evaluate(311, 1);
    await bed.bridge.page.getByRole('img', { name: /^Response time in 6 evaluations/ }).waitFor();
    expect(await bed.bridge.page.evaluate(SCROLLED)).toBe(0);
    expect(await bed.bridge.page.getByLabel('Why it should not count').inputValue()).toBe('the load test');
    await bed.bridge.page.setViewportSize({ width: 1440, height: 900 });
    await bed.bridge.page.getByRole('link', { name: 'the whole run' }).click();
    await bed.bridge.isAt(/^Run: /);
    await bed.bridge.page.getByRole('link', { name: 'The evaluation' }).click();
    await bed.bridge.isAt('Evaluations of carts in staging');
    await bed.bridge.open(`project/${PROJECT}`);
    await bed.bridge.page.getByRole('link', { name: 'pass' }).click();
    await bed.bridge.isAt('Evaluations of carts in staging');
  });

  it('are shown up to the one that a link of the original is about', async () => {
    const { id, keptnContext } = await evaluate(5_000, 1);
    await evaluate(300, 1);
    for (const focus of ['', '/staging', `/${id}`]) {
      await bed.bridge.open(`evaluation/${keptnContext}${focus}`);
      await bed.bridge.isAt('Evaluations of carts in staging');
      await bed.bridge.shows('Response time is 5000');
      await bed.bridge.page.getByRole('img', { name: /^Response time in 7 evaluations/ }).waitFor();
    }
    await bed.bridge.page.getByRole('link', { name: 'Up to the newest' }).click();
    await bed.bridge.page.getByRole('img', { name: /^Response time in 8 evaluations/ }).waitFor();
  });

  it('are waited for where there are none yet', async () => {
    await bed.bridge.open(`evaluations/${PROJECT}/staging/unknown`);
    await bed.bridge.shows(/unknown was not evaluated in staging yet/);
    await bed.bridge.open(`evaluation/${randomUUID()}`);
    await bed.bridge.shows(/has no such evaluation yet/);
  });
});
