import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { type QualityGate, startedQualityGate } from './quality-gate';

const WHERE = { project: 'sockshop', stage: 'staging', service: 'carts' };

const SLO = `
objectives:
- {sli: requests, pass: [{criteria: [">0"]}]}
- {sli: labelled, pass: [{criteria: [">0"]}]}
total_score: {pass: 100}
`;

const BROKEN_SLO = `
objectives:
- {sli: nothing, pass: [{criteria: [">=0"]}]}
- {sli: not_a_number, pass: [{criteria: [">=0"]}]}
- {sli: many, pass: [{criteria: [">=0"]}]}
- {sli: wrong, pass: [{criteria: [">=0"]}]}
- {sli: unknown, pass: [{criteria: [">=0"]}]}
total_score: {pass: 1}
`;

const SLI = `
indicators:
  requests: sum(http_request_duration_seconds_count{job="keptn"})
  labelled: count(up{job="$LABEL.job"}) + scalar(count_over_time(vector(1)[$DURATION_SECONDS:60s]))
  nothing: nothing_of_this_name
  not_a_number: vector(0) / 0
  many: http_request_duration_seconds_count
  wrong: sum(
`;

/** What Prometheus asks for; its documentation gives the hash of this password as an example. */
const USER = 'admin';
const PASSWORD = 'test';
const PASSWORD_HASH = '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay';

const QUERY_TIMEOUT_MS = 5_000;

const values = z.array(
  z.object({
    value: z.object({
      metric: z.string(),
      value: z.number(),
      success: z.boolean(),
      message: z.string().optional(),
      query: z.string().optional(),
    }),
  }),
);

let gate: QualityGate;
let prometheus: ChildProcess;
let url: string;
let folder: string;

const giveCredentials = (secret: object): Promise<void> =>
  writeFile(join(folder, 'prometheus-credentials-sockshop'), JSON.stringify({ url, ...secret }));

const ask = async (query: string, time?: string): Promise<number> => {
  const parameters = new URLSearchParams({ query, ...(time !== undefined && { time }) }).toString();
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  const answer = (await (await fetch(`${url}/api/v1/query?${parameters}`, { headers: { authorization } })).json()) as {
    data: { result: { value: [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1]);
};

/**
 * Resolves when Prometheus has looked at the system later than `time`: what it answers for that time stays as it is.
 *
 * @param time in milliseconds since 1970
 * @returns when it has looked, in milliseconds since 1970
 */
async function untilScraped(time: number): Promise<number> {
  for (;;) {
    const last = await ask('timestamp(up{job="keptn"} == 1)').catch(() => NaN);
    if (last * 1_000 > time) return Math.round(last * 1_000);
    await delay(100);
  }
}

beforeAll(async () => {
  const port = await findFreePorts(1);
  url = `http://127.0.0.1:${port}`;
  folder = await mkdtemp(join(tmpdir(), 'keptn-prometheus-'));
  gate = await startedQualityGate({
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    SLI_PROVIDER: 'prometheus',
    SLI_CREDENTIALS_DIR: folder,
    SLI_QUERY_TIMEOUT_MS: String(QUERY_TIMEOUT_MS),
  });
  await giveCredentials({ user: USER, password: PASSWORD });
  await writeFile(join(folder, 'web.yml'), JSON.stringify({ basic_auth_users: { [USER]: PASSWORD_HASH } }));
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [
        {
          job_name: 'keptn',
          authorization: { credentials: await gate.system.token() },
          // mongodb-datastore
          static_configs: [{ targets: [`127.0.0.1:${gate.system.launch.firstPort + 3}`] }],
        },
      ],
    }),
  );
  const files = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--web.config.file=${join(folder, 'web.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
  ];
  prometheus = spawn('prometheus', [...files, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  await gate.createProject('sockshop', ['staging']);
  await gate.createService(WHERE, SLO);
  await gate.storeResource(WHERE, 'prometheus/sli.yaml', SLI);
  await untilScraped(0);
}, 120_000);

afterAll(async () => {
  prometheus.kill('SIGKILL');
  await gate.stop();
  await rm(folder, { recursive: true, force: true });
});

async function evaluated(end = new Date()) {
  const frame = { start: new Date(end.getTime() - 300_000).toISOString(), end: end.toISOString() };
  const context = await gate.send('sh.keptn.event.start-evaluation', {
    ...WHERE,
    ...frame,
    teststrategy: 'manual',
    deploymentstrategy: '',
    labels: { job: 'keptn' },
  });
  const { data } = await gate.awaited(context, 'sh.keptn.events.evaluation-done');
  const details = z.object({ indicatorResults: values }).parse(data['evaluationdetails']);
  return { result: data['result'], values: details.indicatorResults.map(({ value }) => value), frame };
}

describe('an evaluation with Prometheus', () => {
  it('ends with the values that Prometheus itself answers, and shows the queries as they were sent', async () => {
    const end = new Date();
    await untilScraped(end.getTime());
    const { result, values: found, frame } = await evaluated(end);
    expect(found).toEqual([
      expect.objectContaining({ metric: 'requests', success: true }),
      expect.objectContaining({ metric: 'labelled', success: true, query: expect.stringContaining('[300s:60s]') }),
    ]);
    for (const { value, query } of found) {
      expect(value).toBe(await ask(query ?? '', String(Date.parse(frame.end) / 1_000)));
    }
    expect(result).toBe('pass');
  });

  it('can be tried on past time frames, each compared with those before it, and leaves no event', async () => {
    const now = (await untilScraped(Date.now())) + 500;
    await untilScraped(now);
    const frame = (endsBefore: number) => ({
      start: new Date(now - endsBefore - 60_000).toISOString(),
      end: new Date(now - endsBefore).toISOString(),
    });
    const slo = 'objectives: [{sli: requests, pass: [{criteria: ["<=+1000%"]}]}]\ntotal_score: {pass: 90}';
    const base = '/lighthouse-service/v1/project/sockshop/stage/staging/service/carts/evaluation';
    const questions = '/mongodb-datastore/event?project=sockshop&type=sh.keptn.internal.event.get-sli';
    const count = async () => ((await gate.system.call('GET', questions)).json as { totalCount: number }).totalCount;
    const before = await count();
    const body = { slo, timeFrames: [frame(500), frame(0), frame(7_200_000)], labels: null };
    const { status, json, text } = await gate.system.call('POST', `${base}/preview/time-frames`, body);
    expect(status, text).toBe(200);
    const { evaluations } = json as {
      evaluations: {
        end: string;
        result: string;
        indicators: { value: number | null; base: number | null; query: string }[];
      }[];
    };
    expect(evaluations.map(({ end, result }) => [end, result])).toEqual([
      [frame(0).end, 'pass'],
      [frame(500).end, 'pass'],
      [frame(7_200_000).end, 'fail'],
    ]);
    const rows = evaluations.map(({ indicators: [row] }) => row);
    for (const [index, row] of rows.slice(0, 2).entries()) {
      const at = String(Date.parse(evaluations[index]?.end ?? '') / 1_000);
      expect(row?.value).toBe(await ask(row?.query ?? '', at));
    }
    expect(rows.map((row) => row?.base)).toEqual([rows[1]?.value, null, null]);
    expect(await count()).toBe(before);
  });

  it('never passes without a value, and says why there is none', async () => {
    await gate.storeResource(WHERE, 'slo.yaml', BROKEN_SLO);
    const { result, values: found } = await evaluated();
    expect(result).toBe('fail');
    expect(found.map(({ success, message }) => [success, message])).toEqual([
      [false, 'Prometheus has no data for the query'],
      [false, 'SLI value is NaN'],
      [false, expect.stringMatching(/^the query makes \d+ series, but must make one: use sum\(\) or max\(\)$/)],
      [false, expect.stringMatching(/^Prometheus answered 400: .*parse error/)],
      [false, 'unsupported SLI: prometheus/sli.yaml has no query for unknown'],
    ]);
  });

  it('fails, with the reason and without the secret, while Prometheus refuses the credentials', async () => {
    await gate.storeResource(WHERE, 'slo.yaml', SLO);
    await giveCredentials({ token: 'a-wrong-token' });
    const { result, values: found } = await evaluated();
    await giveCredentials({ user: USER, password: PASSWORD });
    expect(result).toBe('fail');
    expect(found.map(({ message }) => message)).toEqual(Array(2).fill('Prometheus answered 401'));
    expect(JSON.stringify(found)).not.toContain('a-wrong-token');
  });

  it('fails, with the reason, while Prometheus is too slow', async () => {
    prometheus.kill('SIGSTOP');
    const { result, values: found } = await evaluated();
    prometheus.kill('SIGCONT');
    expect(result).toBe('fail');
    expect(found.map(({ message }) => message)).toEqual(Array(2).fill('Prometheus did not answer in time; try again'));
  });

  it('fails, with the reason, while Prometheus is down', async () => {
    prometheus.kill('SIGKILL');
    await once(prometheus, 'exit');
    const { result, values: found } = await evaluated();
    expect(result).toBe('fail');
    expect(found.map(({ message }) => message)).toEqual(
      Array(2).fill('Prometheus cannot be reached; try again in a moment'),
    );
  });
});
