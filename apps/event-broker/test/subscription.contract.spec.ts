import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Broker, freshDatabase, TOKEN, until } from './broker';
import { LogStandIn } from './log-stand-in';

interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let log: LogStandIn;
let broker: Broker;
const servers: Server[] = [];
let names = 0;

beforeAll(async () => {
  log = await LogStandIn.start();
  broker = await Broker.start({
    MONGODB_URI: freshDatabase(),
    MONGODB_DATASTORE_URL: log.url,
    ALLOWED_SINK_NETWORKS: '127.0.0.1',
  });
});

afterAll(async () => {
  await broker.stop();
  await log.stop();
});

afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A receiver that answers what it is told to, 200 at first. */
const aWebhook = async (): Promise<{
  url: string;
  received: Received[];
  status: number;
  headers: Record<string, string>;
}> => {
  const webhook = { url: '', received: [] as Received[], status: 200, headers: {} as Record<string, string> };
  webhook.url = await serve((request, response) => {
    void (async () => {
      const body = (await request.setEncoding('utf8').toArray()).join('');
      const { url: path = '', headers } = request;
      webhook.received.push({ path, headers: headers as Record<string, string>, body });
      response.writeHead(webhook.status, webhook.headers).end(`answer ${webhook.status}`);
    })();
  });
  return webhook;
};

const aSubscription = async (sink: string, changes: Readonly<Record<string, unknown>> = {}) => {
  const name = `subscription-${names++}`;
  const created = await broker.call('POST', '/v1/subscriptions', { name, sink, ...changes });
  expect(created.status, created.text).toBe(201);
  return { name, path: `/v1/subscriptions/${name}`, secret: String(created.json['secret']) };
};

const deliveriesOf = async (name: string): Promise<readonly Record<string, unknown>[]> =>
  (await broker.call('GET', `/v1/deliveries?subscription=${name}`)).json['deliveries'] as Record<string, unknown>[];

const idsOf = (received: readonly Received[]): unknown[] =>
  received.map(({ body }) => (JSON.parse(body) as { id: unknown }).id);

describe('a subscription', () => {
  it('gets the events that it wants and that come after it, signed, without the token of the control plane', async () => {
    const webhook = await aWebhook();
    log.append(anEvent({ type: 'sh.keptn.event.approval.triggered' }));
    const { secret } = await aSubscription(`${webhook.url}/hook?key=1`, {
      types: ['sh.keptn.event.approval.>'],
      filters: [{ exact: { project: 'sockshop' } }, { not: { prefix: { 'data.labels.team': 'x' } } }],
      protocolSettings: { headers: { 'x-team': 'carts' } },
      secretHeaders: { authorization: 'Bearer hidden-value' },
    });
    const wanted = anEvent({ type: 'sh.keptn.event.approval.triggered' });
    log.append(anEvent());
    log.append(anEvent({ type: wanted['type'], data: { project: 'other' } }));
    log.append(wanted);
    await until(() => webhook.received.length > 0);
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = webhook.received;
    expect(webhook.received).toHaveLength(1);
    expect([path, JSON.parse(body)]).toEqual(['/hook?key=1', wanted]);
    expect(headers).toMatchObject({ 'x-team': 'carts', authorization: 'Bearer hidden-value' });
    expect(JSON.stringify(headers)).not.toContain(TOKEN);
    const verifier = new Webhook(secret);
    expect(verifier.verify(body, headers)).toEqual(wanted);
    expect(() => verifier.verify(`${body} `, headers)).toThrow('No matching signature');
    const hourAgo = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 3_600) };
    expect(() => verifier.verify(body, hourAgo)).toThrow('too old');
  });

  it('says up to where the log was delivered to it, and waits for that', async () => {
    const webhook = await aWebhook();
    const { name, path } = await aSubscription(`${webhook.url}/hook`, { types: ['positioned'] });
    log.append(anEvent({ type: 'positioned' }));
    const last = log.append(anEvent({ type: 'of no interest' }));
    const reached = await broker.call('GET', `${path}/position?notOlderThan=${last}`);
    expect([reached.status, Number(reached.json['position']) >= last]).toEqual([200, true]);
    expect((await broker.call('GET', path)).json['lag']).toBe(0);
    expect(webhook.received).toHaveLength(1);
    const later = await broker.call('GET', `${path}/position?notOlderThan=${last + 1_000}`);
    expect(Number(later.json['position'])).toBeLessThan(last + 1_000);
    const unknown = await broker.call('GET', `/v1/subscriptions/not-${name}/position`);
    expect([unknown.status, unknown.json['reason']]).toEqual([404, 'SUBSCRIPTION_NOT_FOUND']);
  });

  it('takes null for a field that is left out, at every level, and for no other', async () => {
    const name = `subscription-${names++}`;
    const body = {
      ...{
        name,
        sink: 'http://127.0.0.1:9/nobody',
        types: null,
        filters: null,
        imported: null,
        maxAge: null,
        from: null,
      },
      secretHeaders: { 'x-key': null },
      protocolSettings: { mode: null, template: null, headers: { 'x-team': null }, maxAttempts: null },
    };
    const { status, json, text } = await broker.call('POST', '/v1/subscriptions', body);
    expect(status, text).toBe(201);
    expect(json).toMatchObject({ types: [], filters: [], secretHeaderNames: [], protocolSettings: { headers: {} } });
    const path = `/v1/subscriptions/${name}`;
    expect((await broker.call('PUT', path, { sink: body.sink, protocolSettings: null })).status).toBe(200);
    expect((await broker.call('POST', `${path}/replay`, { from: { position: 0 }, to: null })).status).toBe(202);
    const withoutSink = await broker.call('PUT', path, { sink: null });
    expect([withoutSink.status, withoutSink.json['message']]).toEqual([400, 'sink in body is required']);
    expect((await broker.call('PUT', path, { sink: body.sink, types: [null] })).status).toBe(400);
    await broker.call('DELETE', path);
  });

  it('has no password in its sink, which everybody would see, and is refused with the field that is wrong', async () => {
    const sink = 'http://127.0.0.1:9/nobody';
    const refusals = [
      [{ sink: 'http://user:secret@127.0.0.1:9/' }, /^sink in body must not hold a user or password; .*secretHeaders/],
      [{ sink, from: { time: '10000-01-01T00:00:00Z' } }, /^from.time in body: invalid ISO datetime$/],
      [
        { sink, protocolSettings: { headers: { 'a\r\nb': 'c' } } },
        /^protocolSettings.headers.a\r\nb in body: invalid key/,
      ],
      [
        { sink, protocolSettings: { headers: { a: 'x\r\ny: z' } } },
        /^protocolSettings.headers.a in body: invalid string/,
      ],
      [{ sink, color: 'red' }, /^body: unrecognized key: "color"$/],
    ] as const;
    for (const [body, message] of refusals) {
      const { status, json } = await broker.call('POST', '/v1/subscriptions', { name: 'refused', ...body });
      expect([status, json['message']]).toEqual([400, expect.stringMatching(message)]);
    }
    expect((await broker.call('GET', '/v1/deliveries?nextPageKey=')).status).toBe(200);
  });

  it('shows itself and how it fares, and no secret', async () => {
    const webhook = await aWebhook();
    const { name, path, secret } = await aSubscription(webhook.url, { secretHeaders: { 'x-key': 'hidden-value' } });
    log.append(anEvent());
    await until(async () => (await broker.call('GET', path)).json['lastSuccessAt'] !== undefined);
    const shown = await broker.call('GET', path);
    expect(shown.json).toMatchObject({
      name,
      origin: 'created',
      state: 'active',
      secretHeaderNames: ['x-key'],
      lag: 0,
    });
    const all = await broker.call('GET', '/v1/subscriptions');
    const deliveries = await broker.call('GET', `/v1/deliveries?subscription=${name}`);
    for (const { text } of [shown, all, deliveries]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('hidden-value');
    }
  });

  it('is signed with both secrets after a change of the secret', async () => {
    const webhook = await aWebhook();
    const { path, secret } = await aSubscription(webhook.url);
    const rotated = await broker.call('POST', `${path}/secret`);
    await until(() => {
      log.append(anEvent());
      return webhook.received.some(({ headers }) => headers['webhook-signature']?.includes(' ') === true);
    });
    const { body, headers } = webhook.received.at(-1) as Received;
    for (const valid of [secret, String(rotated.json['secret'])]) {
      expect(() => new Webhook(valid).verify(body, headers)).not.toThrow();
    }
  });

  it('sends binary CloudEvents where that is wanted', async () => {
    const webhook = await aWebhook();
    await aSubscription(webhook.url, { protocolSettings: { mode: 'binary' } });
    log.append(anEvent({ source: 'a "test" ü', data: { n: 1 } }));
    await until(() => webhook.received.length > 0);
    expect(webhook.received[0]).toMatchObject({
      body: '{"n":1}',
      headers: { 'ce-specversion': '1.0', 'ce-source': 'a%20%22test%22%20%C3%BC', 'content-type': 'application/json' },
    });
  });

  it('sends of a binary CloudEvent all that can be in a header', async () => {
    const webhook = await aWebhook();
    await aSubscription(webhook.url, { protocolSettings: { mode: 'binary' } });
    const datacontenttype = 'application/json; name="größe ≥ 1"';
    log.append(anEvent({ 'my ext': 'a', größe: 'b', ext: '≥', datacontenttype }));
    await until(() => webhook.received.length > 0);
    const { headers } = webhook.received[0] as Received;
    const sent = Object.keys(headers).filter((name) => name.startsWith('ce-'));
    expect(sent.toSorted()).toEqual(['ce-ext', 'ce-id', 'ce-source', 'ce-specversion', 'ce-type']);
    expect(headers).toMatchObject({
      'ce-ext': '%E2%89%A5',
      'content-type': 'application/json; name="gr%C3%B6%C3%9Fe %E2%89%A5 1"',
    });
  });

  it('loses and repeats nothing when the path of its sink changes', async () => {
    const webhook = await aWebhook();
    const { path } = await aSubscription(`${webhook.url}/old`);
    const first = anEvent();
    log.append(first);
    await until(() => webhook.received.length === 1);
    expect((await broker.call('PUT', path, { sink: `${webhook.url}/new` })).status).toBe(200);
    const second = anEvent();
    log.append(second);
    await until(() => webhook.received.length === 2);
    expect(idsOf(webhook.received)).toEqual([first.id, second.id]);
  });

  it('gets while it is paused nothing, and afterwards what it has missed', async () => {
    const webhook = await aWebhook();
    const { name, path } = await aSubscription(webhook.url);
    expect((await broker.call('POST', `${path}/pause`)).json).toMatchObject({ name, state: 'paused' });
    const events = [anEvent(), anEvent()];
    for (const event of events) log.append(event);
    expect((await broker.call('POST', `${path}/resume`)).json).toMatchObject({ name, state: 'active' });
    await until(() => webhook.received.length === 2);
    expect(idsOf(webhook.received)).toEqual(events.map(({ id }) => id));
  });

  it('gets a part of the log again on request, beside what comes meanwhile', async () => {
    const webhook = await aWebhook();
    const first = log.append(anEvent({ type: 'replayed', shkeptncontext: 'c' }));
    const { path } = await aSubscription(webhook.url, { types: ['replayed', 'live'] });
    log.append(anEvent({ type: 'unwanted' }));
    const last = log.append(anEvent({ type: 'replayed', shkeptncontext: 'c' }));
    const live = anEvent({ type: 'live' });
    log.append(live);
    await until(() => webhook.received.length === 2);
    webhook.received.length = 0;
    webhook.status = 503;
    const span = { from: { position: first - 1 }, to: { position: last } };
    const answer = await broker.call('POST', `${path}/replay`, span);
    expect([answer.status, answer.json['replay']]).toEqual([202, { position: first - 1, until: last }]);
    await until(() => webhook.received.length > 0);
    webhook.status = 200;
    await until(async () => (await broker.call('GET', path)).json['replay'] === undefined);
    const ids = [...new Set(idsOf(webhook.received))];
    expect(ids).toEqual([first, last].map((number) => (JSON.parse(log.events[number - 1] ?? '') as { id: string }).id));
    const empty = await broker.call('POST', `${path}/replay`, { from: { position: last }, to: { position: first } });
    expect(empty.json['reason']).toBe('INVALID_SPAN');
  });

  it('is not interrupted by an update that changes nothing', async () => {
    const webhook = await aWebhook();
    const { path } = await aSubscription(webhook.url, { types: ['a.type'] });
    const before = await broker.call('GET', path);
    const same = await broker.call('PUT', path, { sink: webhook.url, types: ['a.type'] });
    expect(same.json['updatedAt']).toBe(before.json['updatedAt']);
  });

  it('sends nothing that a template cannot make, and says why', async () => {
    const webhook = await aWebhook();
    const protocolSettings = { mode: 'template', template: { body: '{"n": {{ data.n }}}' } };
    const { name } = await aSubscription(webhook.url, { types: ['templated'], protocolSettings });
    log.append(anEvent({ type: 'templated', data: {} }));
    log.append(anEvent({ type: 'templated', data: { n: 1 } }));
    await until(async () => (await deliveriesOf(name)).length === 2);
    const outcomes = (await deliveriesOf(name)).map(({ outcome, attempts }) => [outcome, attempts]);
    expect(outcomes).toEqual([
      ['delivered', [expect.objectContaining({ status: 200 })]],
      ['refused', [expect.objectContaining({ error: expect.stringContaining('makes no JSON') })]],
    ]);
    expect(webhook.received.map(({ body }) => body)).toEqual(['{"n": 1}']);
  });

  it('ends when the receiver answers 410', async () => {
    const webhook = await aWebhook();
    webhook.status = 410;
    const { path } = await aSubscription(webhook.url);
    log.append(anEvent());
    await until(async () => (await broker.call('GET', path)).json['state'] === 'ended');
    log.append(anEvent());
    expect((await broker.call('GET', path)).json['stateReason']).toContain('410');
    expect(webhook.received).toHaveLength(1);
  });

  it('is gone once it is deleted', async () => {
    const webhook = await aWebhook();
    const { path } = await aSubscription(webhook.url);
    expect((await broker.call('DELETE', path)).status).toBe(200);
    expect((await broker.call('GET', path)).json['reason']).toBe('SUBSCRIPTION_NOT_FOUND');
    expect((await broker.call('DELETE', path)).status).toBe(404);
  });

  it.each([
    ['a sink on this machine', { sink: 'http://[::1]/' }, 'SINK_NOT_PERMITTED'],
    ['a sink at a metadata service', { sink: 'http://169.254.169.254/latest' }, 'SINK_NOT_PERMITTED'],
    ['a sink in a private network', { sink: 'http://10.0.0.1/' }, 'SINK_NOT_PERMITTED'],
    ['an address of IPv4 in IPv6', { sink: 'http://[::ffff:10.0.0.1]/' }, 'SINK_NOT_PERMITTED'],
    ['another protocol', { sink: 'ftp://example.com/' }, 'INVALID_REQUEST'],
    ['a pattern that matches nothing', { types: ['a.>.b'] }, 'INVALID_FILTER'],
    ['a filter without a dialect', { filters: [{}] }, 'INVALID_REQUEST'],
    ['a header of the broker', { protocolSettings: { headers: { 'webhook-id': 'x' } } }, 'INVALID_REQUEST'],
    ['a header with a line break', { secretHeaders: { x: 'a\r\nb: c' } }, 'INVALID_REQUEST'],
    [
      'a template that is none',
      { protocolSettings: { mode: 'template', template: { body: '{{ id' } } },
      'INVALID_TEMPLATE',
    ],
    ['a mode without its template', { protocolSettings: { mode: 'template' } }, 'INVALID_REQUEST'],
    ['a template without its mode', { protocolSettings: { template: { body: '{}' } } }, 'INVALID_REQUEST'],
    ['a name that is none', { name: 'Not A Name' }, 'INVALID_REQUEST'],
  ])('is refused with %s', async (_what, changes, reason) => {
    const body = { name: 'refused', sink: 'https://example.com/', ...changes };
    expect((await broker.call('POST', '/v1/subscriptions', body)).json).toMatchObject({ code: 400, reason });
  });

  it('is refused when there is one of its name', async () => {
    const { name } = await aSubscription((await aWebhook()).url);
    const again = await broker.call('POST', '/v1/subscriptions', { name, sink: 'http://127.0.0.1/' });
    expect(again.json['reason']).toBe('SUBSCRIPTION_EXISTS');
  });
});

describe('deliveries', () => {
  it('are listed with their attempts, become dead letters after the limit, and can be repeated', async () => {
    const webhook = await aWebhook();
    webhook.status = 500;
    const { name } = await aSubscription(webhook.url, { protocolSettings: { maxAttempts: 2 } });
    const sequence = log.append(anEvent());
    await until(async () => (await deliveriesOf(name))[0]?.['outcome'] === 'dead');
    const attempt = { status: 500, answer: 'answer 500' };
    expect((await deliveriesOf(name))[0]).toMatchObject({ sequence, attemptCount: 2, attempts: [attempt, attempt] });
    webhook.status = 200;
    const again = await broker.call('POST', `/v1/subscriptions/${name}/deliveries/${sequence}/redeliver`);
    expect(again.json).toMatchObject({ outcome: 'delivered', attemptCount: 3 });
    const [first, , third] = webhook.received;
    expect(third?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('are explained for a whole Keptn context, for those who want its events', async () => {
    const [refusing, down] = [await aWebhook(), await aWebhook()];
    refusing.status = 422;
    down.status = 503;
    const wanted = { types: ['explained'], protocolSettings: { order: 'strict' } };
    const { name } = await aSubscription(refusing.url, wanted);
    const { name: waiting } = await aSubscription(down.url, wanted);
    const shkeptncontext = 'explained-context';
    log.append(anEvent({ type: 'explained', shkeptncontext }));
    const sequence = log.append(anEvent({ id: 'explained-2', type: 'explained', shkeptncontext }));
    log.append(anEvent({ id: 'explained-3', type: 'explained', shkeptncontext }));
    await until(async () => (await deliveriesOf(name)).length === 3 && (await deliveriesOf(waiting)).length === 1);
    const answer = await broker.call('GET', '/v1/explanation/explained-context');
    const [first, second, ...more] = answer.json['events'] as { deliveries: { subscription: string }[] }[];
    expect(more).toMatchObject([{ id: 'explained-3' }]);
    expect(second).toMatchObject({ sequence, id: 'explained-2', type: 'explained' });
    const outcome = (event: typeof first, subscription: string) =>
      event?.deliveries.find((each) => each.subscription === subscription);
    expect(outcome(second, name)).toMatchObject({ outcome: 'refused', attemptCount: 1, lastAnswer: '422' });
    expect(outcome(first, waiting)).toMatchObject({ outcome: 'retrying', lastAnswer: '503' });
    expect(outcome(second, waiting)).toEqual({ subscription: waiting, outcome: 'waiting' });
    expect((await broker.call('GET', '/v1/explanation/none')).json['reason']).toBe('CONTEXT_NOT_FOUND');
  });

  it('that are refused for good are listed as such', async () => {
    const webhook = await aWebhook();
    webhook.status = 422;
    const { name } = await aSubscription(webhook.url);
    log.append(anEvent());
    await until(async () => (await deliveriesOf(name)).length === 1);
    expect((await deliveriesOf(name))[0]).toMatchObject({ outcome: 'refused', attemptCount: 1 });
  });

  it('follow no redirect, and are cut off when the answer is endless, too late or has too many headers', async () => {
    const target = await aWebhook();
    const hostile: Record<string, RequestListener> = {
      redirecting: (_request, response) => response.writeHead(307, { location: target.url }).end(),
      endless: (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      },
      silent: () => undefined,
      talkative: (_request, response) => {
        response.writeHead(
          200,
          Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`x-${index}`, 'x'.repeat(40)])),
        );
        response.end();
      },
    };
    const healthy = await aWebhook();
    await aSubscription(healthy.url);
    const subscriptions = await Promise.all(
      Object.entries(hostile).map(async ([kind, listener]) =>
        aSubscription(await serve(listener), {
          protocolSettings: { timeoutMs: kind === 'silent' ? 500 : 20_000, maxAttempts: 1 },
        }),
      ),
    );
    log.append(anEvent());
    await until(() => healthy.received.length === 1);
    const outcomes = [];
    for (const { name } of subscriptions) {
      await until(async () => (await deliveriesOf(name)).length === 1);
      const [delivery] = await deliveriesOf(name);
      const [attempt] = delivery?.['attempts'] as { status?: number; error?: string; answer?: string }[];
      outcomes.push([delivery?.['outcome'], attempt?.status, attempt?.answer?.length]);
    }
    expect(outcomes).toEqual([
      ['dead', 307, undefined],
      ['delivered', 200, 1_024],
      ['dead', undefined, undefined],
      ['dead', undefined, undefined],
    ]);
    expect(target.received).toEqual([]);
  });
});
