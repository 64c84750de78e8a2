import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marked } from 'marked';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { z } from 'zod';
import { keptnJson, type Outcome, runKeptn } from './keptn-command';
import { type QualityGate, startedQualityGate } from './quality-gate';

const WHERE = { project: 'sockshop', stage: 'staging', service: 'carts' };
const NAMES = ['--project=sockshop', '--stage=staging', '--service=carts'];
const routeOf = (service: string): string => `/v1/project/sockshop/stage/staging/service/${service}/evaluation`;
const ROUTE = routeOf('carts');

const SLO = `
comparison: {compare_with: single_result, include_result_with_score: pass}
objectives:
- {sli: time, displayName: Response <time>, pass: [{criteria: ["<=+10%", "<600"]}], warning: [{criteria: ["<=800"]}]}
- {sli: hits_total}
total_score: {pass: 90, warning: 40}
`;

/** Dozens of processes one after the other, on a small and busy machine. */
const TIMEOUT_MS = 120_000;

const evaluationPage = z.object({
  evaluations: z.array(z.looseObject({ id: z.string(), result: z.string(), indicators: z.array(z.looseObject({})) })),
  nextPageKey: z.string().optional(),
});

let gate: QualityGate;
let folder: string;
let environment: Readonly<Record<string, string>>;

const keptn = (words: readonly string[], input?: string): Promise<Outcome> =>
  runKeptn(words, { environment, folder, ...(input !== undefined && { input }) });

/** Evaluates a value of `time`. */
const evaluated = (time: number | null, ...more: readonly string[]): Promise<Outcome> =>
  keptn(['evaluate', ...NAMES, '--values=-', '--wait', ...more], JSON.stringify({ time, hits_total: 7 }));

const list = async (query = '', service = 'carts'): Promise<z.infer<typeof evaluationPage>> => {
  const { json } = await gate.system.call('GET', `/lighthouse-service${routeOf(service)}${query}`);
  return evaluationPage.parse(json);
};

/** Evaluates values of `time` of a service of its own, one after the other. */
async function serviceWith(service: string, times: readonly number[]): Promise<void> {
  await gate.createService({ ...WHERE, service }, SLO);
  for (const time of times) await evaluated(time, `--service=${service}`);
}

beforeAll(async () => {
  gate = await startedQualityGate();
  folder = await mkdtemp(join(tmpdir(), 'keptn-gate-'));
  environment = { HOME: folder, KEPTN_ENDPOINT: gate.system.endpoint, KEPTN_API_TOKEN: await gate.system.token() };
  await gate.createProject('sockshop', ['staging']);
  await gate.createService(WHERE, SLO);
}, TIMEOUT_MS);

afterAll(async () => {
  await gate.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('keptn evaluate', { timeout: TIMEOUT_MS }, () => {
  it('prints value, objective, base, change and points, and ends with 0 for pass', async () => {
    expect(await evaluated(300, '--labels=build=1')).toMatchObject({ code: 0 });
    const { code, stdout } = await evaluated(330, '--labels=build=2');
    expect(code).toBe(0);
    const rows = stdout.split('\n').map((line) => line.split(/ {3,}/));
    expect(rows).toContainEqual(['INDICATOR', 'VALUE', 'OBJECTIVE', 'BASE', 'CHANGE', 'POINTS', 'RESULT']);
    expect(rows).toContainEqual(['Response <time>', '330', '<=+10% and <600', '300', '+10%', '1/1', 'pass']);
    expect(rows).toContainEqual(['hits_total', '7', 'only informs', '7', '0%', '-', 'info']);
    expect(stdout).toContain('pass: score 100 of 100, pass from 90');
  });

  it('starts one evaluation for an idempotency key, however often a job is tried', async () => {
    const where = { ...WHERE, service: 'tried-again' };
    await gate.createService(where, SLO);
    const tryIt = (...more: readonly string[]) =>
      evaluated(300, '--service=tried-again', '--idempotency-key=job-1', '-o', 'json', ...more);
    const [one, other] = await Promise.all([tryIt(), tryIt()]);
    const again = await tryIt();
    expect([one.code, other.code, again.code]).toEqual([0, 0, 0]);
    expect([other.stdout, again.stdout]).toEqual([one.stdout, one.stdout]);
    expect((await list('', 'tried-again')).evaluations).toHaveLength(1);
    const { code, stderr } = await tryIt('--timeframe=10m');
    expect(code).not.toBe(0);
    expect(stderr).toContain('the Idempotency-Key came with another body');
    expect((await list('', 'tried-again')).evaluations).toHaveLength(1);
  });

  it('ends with 8 for a warning, and 7 for fail and for failed', async () => {
    expect((await evaluated(700)).code).toBe(8);
    expect((await evaluated(900)).code).toBe(7);
    expect((await evaluated(null)).stderr).toContain('the evaluation did not pass: fail');
  });

  it('writes JUnit reports that its schema accepts, as many failures as objectives were missed', async () => {
    const schema = await readFile(join(import.meta.dirname, '../fixtures/junit.xsd'), 'utf8');
    for (const [time, failures] of [
      [300, 0],
      [700, 0],
      [900, 2],
    ] as const) {
      const { stdout: xml } = await evaluated(time, '-o', 'junit');
      const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema });
      expect(errors).toEqual([]);
      expect(xml).toContain(`<testsuite name="sockshop.staging.carts" tests="3" failures="${failures}" errors="0"`);
    }
  });

  it('writes Markdown that is rendered as a table, with every text as it is', async () => {
    const { stdout } = await evaluated(900, '-o', 'markdown');
    const html = marked.parse(stdout, { async: false });
    expect(html).toContain('<h3>Quality gate: fail (score 0)</h3>');
    const cells = [...html.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell);
    expect(cells.slice(0, 14)).toEqual([
      ...['Indicator', 'Value', 'Objective', 'Base', 'Change', 'Points', 'Result'],
      ...['Response &lt;time&gt;', '900', '&lt;=+10% and &lt;600', '300', '+200%', '0/1', 'fail'],
    ]);
    expect(html).toContain('hits_total');
    expect(html).not.toContain('<em>');
  });

  it('evaluates files without a server, with remarks on the SLO file', async () => {
    await writeFile(join(folder, 'slo.yaml'), SLO.replace('<=+10%', '<=10%'));
    await writeFile(join(folder, 'values.json'), '{"time": 900}');
    const { code, stdout, stderr } = await runKeptn(
      ['evaluate', '--slo=slo.yaml', '--values=values.json', '--output=yaml'],
      {
        environment: { HOME: folder },
        folder,
      },
    );
    expect(code).toBe(7);
    expect(stdout).toContain('result: fail');
    expect(stderr).toContain('a percentage without a sign means plus');
    await writeFile(join(folder, 'slo.yaml'), 'objectives: 1');
    expect(await keptn(['evaluate', '--slo=slo.yaml', '--values=values.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('slo.yaml cannot be used: line 1'),
    });
    await writeFile(join(folder, 'slo.yaml'), SLO.replace('objectives:', 'objective:'));
    expect(await keptn(['evaluate', '--slo=slo.yaml', '--values=values.json'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Error: slo.yaml has no objectives'),
    });
  });

  it.each([
    [['evaluate', '--project=sockshop'], '--stage and --service missing'],
    [['evaluate', '--slo=slo.yaml'], '--slo needs --values'],
    [['evaluate', ...NAMES, '--output=junit'], '-o junit shows a result'],
  ])('refuses %j', async (words, message) => {
    expect(await keptn(words)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('the evaluations of a service', { timeout: TIMEOUT_MS }, () => {
  it('are started and waited for in one request', async () => {
    const body = { timeframe: '5m', indicatorValues: [{ metric: 'time', value: 301 }] };
    const { json } = await gate.system.call('POST', `${ROUTE}?wait=50s`, body);
    expect(json).toMatchObject({
      keptnContext: expect.any(String),
      evaluation: { type: 'sh.keptn.events.evaluation-done', data: { result: 'pass' } },
    });
    const started = await gate.system.call('POST', ROUTE, body);
    expect(started.json).not.toHaveProperty('evaluation');
    await gate.awaited((started.json as { keptnContext: string }).keptnContext, 'sh.keptn.events.evaluation-done');
  });

  it('are listed page by page, each once, newest first', async () => {
    const all = (await list('?pageSize=50')).evaluations.map(({ id }) => id);
    const [, second] = all;
    const until = (await list(`?pageSize=50&until=${second ?? ''}`)).evaluations.map(({ id }) => id);
    expect(until).toEqual(all.slice(1));
    const paged: string[] = [];
    let key: string | undefined = '';
    while (key !== undefined) {
      const page = await list(`?pageSize=3&nextPageKey=${key}`);
      paged.push(...page.evaluations.map(({ id }) => id));
      key = page.nextPageKey;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(3);
    const { status, json } = await gate.system.call('GET', `/lighthouse-service/v1/evaluation/${all[0] ?? ''}`);
    expect([status, json]).toEqual([200, (await list('?pageSize=1')).evaluations[0]]);
  });

  it('do not count when they are invalidated, until they are revalidated', async () => {
    await serviceWith('validity', [301, 100]);
    const newest = async () => (await list('?pageSize=1', 'validity')).evaluations[0];
    const baseOfNext = async (): Promise<unknown> => {
      await evaluated(700, '--service=validity');
      return (await newest())?.indicators[0]?.['base'];
    };
    const id = (await newest())?.id ?? '';
    expect((await keptn(['invalidate', 'evaluation', id, '--reason=load test broke'])).code).toBe(0);
    expect(await keptn(['invalidate', 'evaluation', id, '--reason=again'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('load test broke'),
    });
    expect(await baseOfNext()).toBe(301);
    const { stdout } = await keptn(['get', 'evaluations', ...NAMES, '--service=validity', '--indicator=time']);
    expect(stdout).toContain('pass (invalid: load test broke)');
    expect(stdout).toContain('Scores, oldest first: ██▅');
    expect((await keptn(['revalidate', 'evaluation', id, '--reason=it was sound'])).code).toBe(0);
    expect(await keptn(['revalidate', 'evaluation', id, '--reason=again'])).toMatchObject({ code: 5 });
    expect(await baseOfNext()).toBe(100);
  });

  it('are previewed with another SLO file, and nothing is stored', async () => {
    await serviceWith('previewed', [300, 310, 900]);
    const before = await list('', 'previewed');
    await writeFile(
      join(folder, 'other.yaml'),
      'objectives: [{sli: time, pass: [{criteria: ["<=900", ">300"]}]}]\ntotal_score: {pass: 90}',
    );
    const words = ['preview', 'evaluations', ...NAMES, '--service=previewed', '--slo=other.yaml', '--last=3'];
    expect(await keptnJson(words, { environment, folder })).toMatchObject([
      { was: { result: 'fail' }, result: 'pass', indicators: [{ value: 900 }] },
      { was: { result: 'pass' }, result: 'pass', indicators: [{ value: 310 }] },
      { was: { result: 'pass' }, result: 'fail', indicators: [{ value: 300 }] },
    ]);
    expect(await list('', 'previewed')).toEqual(before);
    const path = `/lighthouse-service${ROUTE}/preview`;
    const { status, json } = await gate.system.call('POST', path, { slo: 'objectives: 1' });
    expect([status, json]).toEqual([400, expect.objectContaining({ reason: 'INVALID_SLO' })]);
  });

  it('come with the SLO file that they were evaluated by', async () => {
    expect((await list('?pageSize=1')).evaluations[0]?.['slo']).toBe(SLO.replace(/\n$/, ''));
  });

  it('are not found by an id that no evaluation has', async () => {
    for (const path of ['/v1/evaluation/none', `${ROUTE}?until=none`]) {
      const { status, json } = await gate.system.call('GET', `/lighthouse-service${path}`);
      expect([status, json]).toEqual([404, expect.objectContaining({ reason: 'EVALUATION_NOT_FOUND' })]);
    }
  });
});
