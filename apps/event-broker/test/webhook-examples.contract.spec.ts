import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { anEvent, Broker, freshDatabase, until } from './broker';
import { LogStandIn } from './log-stand-in';
import { gitHubDispatch, gitHubStatus, jenkins, type Product, type ProductRequest, slack, teams } from './products';

const PAGE = join(import.meta.dirname, '../../../docs/operate/webhook-examples.md');
const COMMIT = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const HOSTILE = 'a "quoted" <b>&\n{{ id }} text \\';

const VARIABLES: Readonly<Record<string, string>> = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0000/B0000/XXXX',
  TEAMS_WORKFLOW_URL: 'https://example.webhook.office.com/workflows/1?sig=a%2Fb',
  JENKINS_CREDENTIALS: 'dXNlcjphcGktdG9rZW4=',
  GITHUB_TOKEN: 'github_pat_example',
};

const carts = { project: 'sockshop', stage: 'staging', service: 'carts' };
const evaluation = { ...carts, result: 'warning', evaluationdetails: { score: 87.5 } };

/** What each example is for: the product, an event that it is sent for, and what the product makes of it. */
const EXAMPLES: Readonly<Record<string, { product: Product; type: string; data: object; shows: string }>> = {
  'slack-approvals': {
    product: slack,
    type: 'sh.keptn.event.approval.triggered',
    data: { ...carts, tag: HOSTILE, result: 'pass' },
    shows: 'waits for an approval in *staging*',
  },
  'teams-evaluations': {
    product: teams,
    type: 'sh.keptn.events.evaluation-done',
    data: { ...evaluation, labels: { build: HOSTILE } },
    shows: 'carts in staging: warning',
  },
  'jenkins-smoke-test': {
    product: jenkins,
    type: 'sh.keptn.events.deployment-finished',
    data: { ...carts, tag: `1&x=${HOSTILE}`, deploymentURIPublic: 'https://carts.example.com/?a=b' },
    shows: 'STAGE=staging&SERVICE=carts&TAG=1%26x%3D',
  },
  'github-problems': {
    product: gitHubDispatch,
    type: 'sh.keptn.event.problem.open',
    data: { ...carts, ProblemTitle: HOSTILE, ProblemDetails: { causes: [1, HOSTILE] } },
    shows: '"event_type": "keptn-problem"',
  },
  'github-status': {
    product: gitHubStatus,
    type: 'sh.keptn.events.evaluation-done',
    data: { ...evaluation, labels: { commit: COMMIT } },
    shows: '"state": "success"',
  },
};

interface Example {
  readonly name: string;
  readonly sink: string;
}

const examples = (await readFile(PAGE, 'utf8'))
  .split('```yaml\n')
  .slice(1)
  .map((block) => block.split('\n```', 1)[0] ?? '')
  .map((text) => text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => VARIABLES[name] ?? ''))
  .flatMap((text) => (parse(text) as { subscriptions: Example[] }).subscriptions);

describe('an example of the documentation', () => {
  let log: LogStandIn;
  let broker: Broker;
  const requests: ProductRequest[] = [];
  let answer = 200;
  const receiver = createServer((request, response) => {
    void (async () => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      requests.push({ path: request.url ?? '', headers: request.headers as ProductRequest['headers'], body });
      response.writeHead(answer).end();
    })();
  });

  beforeAll(async () => {
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    log = await LogStandIn.start();
    broker = await Broker.start({ MONGODB_URI: freshDatabase(), MONGODB_DATASTORE_URL: log.url });
  });

  afterAll(async () => {
    await broker.stop();
    await log.stop();
    receiver.closeAllConnections();
    receiver.close();
  });

  const deliveries = async (name: string): Promise<unknown[]> =>
    (await broker.call('GET', `/v1/deliveries?subscription=${name}`)).json['deliveries'] as unknown[];

  it('is there for each product', () => {
    expect(examples.map(({ name }) => name).toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  it.each(examples)('makes the request that the product documents: $name', async (example) => {
    const { product, type, data, shows } = EXAMPLES[example.name] ?? { product: slack, type: '', data: {}, shows: '' };
    const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const sink = example.sink.replace(new URL(example.sink).origin, origin);
    const created = await broker.call('POST', '/v1/subscriptions', { ...example, sink });
    expect(created.status, created.text).toBe(201);
    requests.length = 0;
    answer = product.status;
    log.append(anEvent({ type: 'sh.keptn.event.start-evaluation', data }));
    log.append(anEvent({ type, data, shkeptncontext: 'c1' }));
    await until(() => requests.length > 0);
    const [request] = requests as [ProductRequest];
    product.check(request);
    expect(request.body).toContain(shows);
    expect(requests).toHaveLength(1);
    await until(async () => (await deliveries(example.name)).length === 1);
    expect(await deliveries(example.name)).toMatchObject([{ outcome: 'delivered' }]);
    await broker.call('DELETE', `/v1/subscriptions/${example.name}`);
  });
});
