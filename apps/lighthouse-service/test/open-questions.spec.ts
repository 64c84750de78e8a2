import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lighthouseService } from '../src/app.module';
import { ControlPlaneStandIn, type StoredEvent } from '@keptn/service-kit/testing';

const GET_SLI = 'sh.keptn.internal.event.get-sli';
const GET_SLI_DONE = 'sh.keptn.internal.event.get-sli.done';
const DONE = 'sh.keptn.events.evaluation-done';
const TIMEOUT_MS = 2_000;

const isOfType = (type: string) => (event: StoredEvent) => event.type === type;

let controlPlane: ControlPlaneStandIn;
let prometheus: Server;
let service: RunningService;

beforeEach(async () => {
  controlPlane = await ControlPlaneStandIn.start();
  const answer = { status: 'success', data: { resultType: 'scalar', result: [1, '412'] } };
  prometheus = createServer((_, response) => response.end(JSON.stringify(answer))).listen(0, '127.0.0.1');
  await once(prometheus, 'listening');
});

afterEach(async () => {
  await service.close();
  await controlPlane.stop();
  prometheus.closeAllConnections();
  prometheus.close();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  service = await startService(lighthouseService, {
    ...{ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', KEPTN_API_TOKEN: 'a-token-for-these-tests' },
    ...{ MONGODB_DATASTORE_URL: controlPlane.url, CONFIGURATION_SERVICE_URL: controlPlane.url },
    PROMETHEUS_URL: `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`,
    ...settings,
  });
}

const FRAME = { start: '2020-11-05T10:00:00Z', end: '2020-11-05T10:05:00Z' };

const asked = (secondsAgo: number, sliProvider: string) =>
  controlPlane.append({
    type: GET_SLI,
    source: 'lighthouse-service',
    shkeptncontext: 'one',
    time: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
    data: { ...FRAME, sliProvider, indicators: ['throughput'], customFilters: [] },
  });

describe('a question that is open in the log', () => {
  it('is answered by a service that starts, when whoever asked for its values is gone', async () => {
    const { id } = asked(120, 'prometheus');
    await start();
    expect(await controlPlane.stored(isOfType(GET_SLI_DONE))).toMatchObject({
      triggeredid: id,
      data: { indicatorValues: [{ metric: 'throughput', value: 412, success: true }] },
    });
  });

  it('keeps no service from ending, and is answered after that', async () => {
    asked(120, 'prometheus');
    const [answer] = prometheus.listeners('request') as [RequestListener];
    prometheus.removeAllListeners('request');
    const received = once(prometheus, 'request');
    await start({ SLI_QUERY_TIMEOUT_MS: '60000' });
    await received;
    await service.close();
    expect(controlPlane.events.map(({ type }) => type)).toEqual([GET_SLI]);
    prometheus.on('request', answer);
    await start();
    await controlPlane.stored(isOfType(GET_SLI_DONE));
  });

  it('ends its evaluation as failed when no verdict comes of its answer for as long as of a provider', async () => {
    const question = asked(3, 'dynatrace');
    controlPlane.append({
      ...question,
      id: randomUUID(),
      type: GET_SLI_DONE,
      triggeredid: question.id,
      source: 'dynatrace-sli-service',
    });
    await start({ EVALUATION_TIMEOUT_MS: String(TIMEOUT_MS) });
    const { data, time: endedAt } = await controlPlane.stored(isOfType(DONE));
    expect(data).toMatchObject({
      result: 'failed',
      evaluationdetails: { result: 'the answer of SLI provider "dynatrace" could not be evaluated within 2 s' },
    });
    expect(Date.parse(endedAt) - Date.parse(question.time)).toBeGreaterThanOrEqual(2 * TIMEOUT_MS);
  });
});
