import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem, WITHOUT_REACTIONS } from '../running-system';

const shipyard = Buffer.from('stages: [{name: dev}, {name: production}]').toString('base64');

interface KeptnEvent extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly time: string;
  readonly type: string;
}

interface Page {
  readonly events: readonly KeptnEvent[];
  readonly nextPageKey?: string;
}

let system: LaunchedSystem;

beforeAll(async () => {
  system = await startSystem(await newLaunch(WITHOUT_REACTIONS));
  await system.call('POST', '/v1/project', { name: 'sockshop', shipyard });
  await system.call('POST', '/v1/project/sockshop/service', { serviceName: 'carts' });
});

afterAll(async () => {
  await system.interrupt();
  await removeData(system.launch);
});

const page = async (query: string): Promise<Page> =>
  (await system.call('GET', `/mongodb-datastore/event?${query}`)).json as Page;

const send = async (event: object): Promise<string> => {
  const { status, json } = await system.call('POST', '/v1/event', event);
  expect(status).toBe(200);
  return (json as { keptnContext: string }).keptnContext;
};

/** As `keptn send event --file` sends the file that Keptn gives out: with its id and its time of 2019 (contract 6.3). */
const problem = {
  type: 'sh.keptn.event.problem.open',
  specversion: '0.2',
  source: 'https://github.com/keptn/keptn/prometheus-service',
  id: 'f2b878d3-03c0-4e8f-bc3f-454bc1b3d79d',
  time: '2019-06-07T07:02:15.64489Z',
  contenttype: 'application/json',
  data: {
    State: 'OPEN',
    ProblemID: 'ab81-941c-f198',
    ProblemTitle: 'Response time degradation',
    project: 'sockshop',
    stage: 'production',
    service: 'carts',
  },
};

describe("the original's self-healing script", () => {
  it('starts a run with each of the four times that it sends the same file', async () => {
    const contexts: string[] = [];
    for (let time = 0; time < 4; time++) {
      const keptnContext = await send(problem);
      contexts.push(keptnContext);
      const { events } = await page(`type=${problem.type}&keptnContext=${keptnContext}`);
      expect(events).toMatchObject([{ type: problem.type, sentid: problem.id, data: { ProblemID: 'ab81-941c-f198' } }]);
    }
    expect(new Set(contexts).size).toBe(4);
    expect((await page(`project=sockshop&type=${problem.type}`)).events).toHaveLength(4);
  });
});

/** As go-utils follows pages: it stops when the key, read as a number, has reached the number of pages (contract 6.1). */
const readPages = async (query: string, numberOfPages: number): Promise<KeptnEvent[]> => {
  const events: KeptnEvent[] = [];
  let key = '';
  for (;;) {
    const answer = await page(`${query}&nextPageKey=${key}`);
    events.push(...answer.events);
    key = answer.nextPageKey ?? '';
    if (key === '' || key === '0' || Number(key) >= numberOfPages) return events;
  }
};

describe('keptn get event', () => {
  it.each([1, 2, 5])('prints %i events for as many pages of one', async (pages) => {
    const type = 'sh.keptn.event.counted';
    for (let index = 0; index < 6; index++)
      await send({ type, source: 's', data: { project: 'sockshop', pages, index } });
    const newest = (await page(`project=sockshop&type=${type}`)).events.slice(0, pages);
    expect(await readPages(`project=sockshop&type=${type}&pageSize=1`, pages)).toEqual(newest);
  });
});

/** As the Bridge puts a run in order: by the millisecond, stably, and the last one is its state (contract 6.4). */
const lastTrace = ({ events }: Page): KeptnEvent | undefined =>
  events.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time)).at(-1);

describe('the Bridge', () => {
  it('finds a run by its polls, offers its approval, and sees the decision', async () => {
    const since = new Date(Date.now() - 1_000).toISOString();
    const data = { project: 'sockshop', stage: 'dev', service: 'carts' };
    const source = 'https://github.com/keptn/keptn/cli#configuration-change';
    const keptnContext = await send({ type: 'sh.keptn.event.configuration.change', source, data });
    const traces = `pageSize=100&keptnContext=${keptnContext}&project=sockshop`;
    const triggered = {
      type: 'sh.keptn.event.approval.triggered',
      source: 'gatekeeper-service',
      shkeptncontext: keptnContext,
    };
    await send({
      type: 'sh.keptn.events.evaluation-done',
      source: 'lighthouse-service',
      shkeptncontext: keptnContext,
      data,
    });
    await send({ ...triggered, data: { ...data, image: 'carts', tag: '0.11.1', result: 'warning' } });

    const roots = await page(`root=true&pageSize=20&project=sockshop&service=carts&fromTime=${since}`);
    expect(roots.events).toContainEqual(expect.objectContaining({ shkeptncontext: keptnContext }));
    const approval = lastTrace(await page(traces));
    expect(approval).toMatchObject({ type: triggered.type });

    await send({
      type: 'sh.keptn.event.approval.finished',
      source: 'https://github.com/keptn/keptn/bridge#approval.finished',
      shkeptncontext: keptnContext,
      triggeredid: approval?.id,
      data: { ...(approval?.['data'] as object), approval: { result: 'pass', status: 'succeeded' } },
    });
    expect(lastTrace(await page(`${traces}&fromTime=${since}`))).toMatchObject({ triggeredid: approval?.id });
  });

  it('is offered an approval that has the millisecond of the event before it', async () => {
    const time = '2020-11-23T10:15:30.123Z';
    const keptnContext = '0f7f3b3e-6f1c-4a36-9a9e-1f2c8a1d7c11';
    for (const type of ['sh.keptn.events.evaluation-done', 'sh.keptn.event.approval.triggered']) {
      const event = { type, source: 's', id: type, time, shkeptncontext: keptnContext, data: { project: 'sockshop' } };
      expect((await system.call('POST', '/mongodb-datastore/event', event)).status).toBe(201);
    }
    expect(lastTrace(await page(`pageSize=100&keptnContext=${keptnContext}`))).toMatchObject({
      type: 'sh.keptn.event.approval.triggered',
    });
  });
});

describe('the command of 0.7.3', () => {
  it('reads on the websocket how its request went, to the end', async () => {
    const { json } = await system.call('POST', '/v1/project/sockshop/service', { serviceName: 'carts-db' });
    const { keptnContext, token } = json as { keptnContext: string; token: string };
    const { default: WebSocket } = await import('ws');
    const socket = new WebSocket(`${system.endpoint.replace('http', 'ws')}/websocket`, {
      headers: { Token: token, 'Keptn-Ws-Channel-Id': keptnContext },
    });
    const messages: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (frame: Buffer) => {
        const { data } = JSON.parse(frame.toString()) as { data: { message: string; terminate: boolean } };
        messages.push(data.message);
        if (data.terminate) resolve();
      });
    });
    socket.close();
    expect(messages).toEqual([
      'Creating new Keptn service carts-db in stage dev',
      'Creating new Keptn service carts-db in stage production',
      '',
    ]);
  });
});
