import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReachableSystem } from './running-system';
import { sharedSystem } from './shared-system';

/** Bytes of a body, as the gateway takes them without a setting. */
const BODY_LIMIT = 10 * 1024 * 1024;

const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');

const event = (extra: object = {}) => ({
  type: 'sh.keptn.event.configuration.change',
  source: 'https://github.com/keptn/keptn/cli#configuration-change',
  data: { project: 'events-shop', stage: 'dev', service: 'carts' },
  ...extra,
});

interface Accepted {
  readonly keptnContext: string;
  readonly token: string;
}

describe('events through the public API', () => {
  let system: ReachableSystem;

  beforeAll(async () => {
    system = await sharedSystem();
    await system.call('POST', '/v1/project', { name: 'events-shop', shipyard });
    await system.call('POST', '/v1/project/events-shop/service', { serviceName: 'carts' });
  });

  const send = (body: unknown) => system.call('POST', '/v1/event', body);
  const accepted = async (body: unknown): Promise<Accepted> => {
    const answer = await send(body);
    expect(answer.status).toBe(200);
    return answer.json as Accepted;
  };
  const stored = async (query: string) =>
    (await system.call('GET', `/mongodb-datastore/event?${query}`)).json as {
      readonly totalCount?: number;
      readonly events: readonly Record<string, unknown>[];
    };

  it.each([
    ['a', '61202020-2020-4020-a020-202020202020'],
    ['mycontext', '6d79636f-6e74-4578-b420-202020202020'],
    ['1234567890123456', '31323334-3536-4738-b930-313233343536'],
    ['08735340-6F9E-4B32-97FF-3B6C292BC509', '08735340-6F9E-4B32-97FF-3B6C292BC509'],
  ])('belong to the Keptn context of %s', async (shkeptncontext, keptnContext) => {
    expect((await accepted(event({ shkeptncontext }))).keptnContext).toBe(keptnContext);
    expect((await stored(`keptnContext=${keptnContext}`)).events).toMatchObject([{ shkeptncontext: keptnContext }]);
  });

  it('are something new each time that they are sent: with a new id and the time of arrival', async () => {
    const [id, time] = [randomUUID(), '2019-10-24T09:59:01.234Z'];
    const since = Date.now();
    const contexts = [await accepted(event({ id, time })), await accepted(event({ id, time }))];
    const found = await Promise.all(contexts.map(({ keptnContext }) => stored(`keptnContext=${keptnContext}`)));
    const events = found.flatMap((page) => page.events);
    expect(events).toMatchObject([
      { sentid: id, senttime: time },
      { sentid: id, senttime: time },
    ]);
    expect(new Set([id, ...events.map((one) => one['id'])]).size).toBe(3);
    for (const one of events) expect(Date.parse(String(one['time']))).toBeGreaterThanOrEqual(since);
    expect((await stored(`project=events-shop&fromTime=${new Date(since - 1000).toISOString()}`)).events).toEqual(
      expect.arrayContaining(events),
    );
  });

  it('may be as large as the limit says, to the byte, also at the same time as others', async () => {
    const padded = (bytes: number) => {
      const data = { project: 'events-shop', stage: 'dev', service: 'carts', padding: '' };
      const missing = bytes - JSON.stringify(event({ data })).length;
      return event({ data: { ...data, padding: 'x'.repeat(missing) } });
    };
    const together = [padded(BODY_LIMIT), padded(BODY_LIMIT - 300), event(), padded(BODY_LIMIT)];
    for (const { keptnContext } of await Promise.all(together.map((one) => accepted(one)))) {
      expect((await stored(`keptnContext=${keptnContext}`)).events).toHaveLength(1);
    }
    expect(await send(padded(BODY_LIMIT + 1))).toMatchObject({ status: 413, json: { code: 413 } });
  });

  it('count once with an Idempotency-Key, and only with the same body', async () => {
    const key = { 'idempotency-key': randomUUID(), 'x-token': await system.token() };
    const sendWith = (body: unknown) => system.call('POST', '/v1/event', body, key);
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendWith(event({ id: 'a' }))));
    const contexts = new Set(answers.map(({ json }) => (json as Accepted).keptnContext));
    expect([contexts.size, ...new Set(answers.map(({ status }) => status))]).toEqual([1, 200]);
    expect(await stored(`keptnContext=${[...contexts].join()}`)).toMatchObject({ events: [{ sentid: 'a' }] });
    expect(await sendWith(event({ id: 'b' }))).toMatchObject({ status: 422, json: { code: 422 } });
    expect((await send(event({ id: 'a' }))).status).toBe(200);
  });

  it.each(['0.2', '0.3', '1.0'])('come in binary mode and as batches as well, version %s', async (specversion) => {
    const token = await system.token();
    const shkeptncontext = randomUUID();
    const binary = {
      'x-token': token,
      'ce-specversion': specversion,
      'ce-type': 'sh.keptn.event.x',
      'ce-source': 's',
      'ce-id': 'binary',
      'ce-shkeptncontext': shkeptncontext,
    };
    expect(await system.call('POST', '/v1/event', { project: 'events-shop' }, binary)).toMatchObject({
      status: 200,
      json: { keptnContext: shkeptncontext },
    });
    const batch = [
      event({ specversion, shkeptncontext }),
      { type: 't', source: 's' },
      event({ specversion, shkeptncontext }),
    ];
    const answer = await fetch(`${system.endpoint}/v1/event`, {
      method: 'POST',
      body: JSON.stringify(batch),
      headers: { 'x-token': token, 'content-type': 'application/cloudevents-batch+json' },
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      207,
      [
        { status: 200, keptnContext: shkeptncontext },
        { status: 400, message: 'data in body is required' },
        { status: 200 },
      ],
    ]);
    const { events } = await stored(`keptnContext=${shkeptncontext}&order=oldest`);
    expect(events).toMatchObject([{ sentid: 'binary', specversion }, { specversion }, { specversion }]);
  });

  it('keep their triggeredid and data exactly; the ticket is not stored', async () => {
    const keptnContext = randomUUID();
    const body = `{"shkeptncontext":"${keptnContext}","triggeredid":"t-1","source":"s","type":"sh.keptn.event.x",
      "data":{"project":"events-shop","big":9007199254740993,"a.b":{"$c":1.10},"":null,"eventContext":{"token":"forged"}}}`;
    const token = await system.token();
    const answer = await fetch(`${system.endpoint}/v1/event`, {
      method: 'POST',
      body,
      headers: { 'x-token': token, 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(200);
    const { text } = await system.call('GET', `/mongodb-datastore/event?keptnContext=${keptnContext}`);
    expect(text).toContain('"big":9007199254740993');
    expect(text).toContain('"a.b":{"$c":1.10}');
    expect(text).not.toContain('forged');
    expect(JSON.parse(text)).toMatchObject({
      events: [
        {
          triggeredid: 't-1',
          source: 's',
          data: { '': null, eventContext: null },
        },
      ],
    });
  });

  it('get the source of this API when they come without one', async () => {
    const { keptnContext } = await accepted(event({ source: '' }));
    expect((await stored(`keptnContext=${keptnContext}`)).events).toMatchObject([
      { source: 'https://github.com/keptn/keptn/api' },
    ]);
  });

  it.each([
    [{ source: 's', type: 't' }, 'data in body is required'],
    [{ data: {}, type: 't' }, 'source in body is required'],
    [{ data: {}, source: 's' }, 'type in body is required'],
    [{ data: 'text', source: 's', type: 't' }, 'data in body must be of type object'],
    [{ data: [], source: 's', type: 't' }, 'data in body must be of type object'],
    [[], 'body must be a JSON object that holds one CloudEvent'],
    [event({ time: 'yesterday' }), 'time in body must be of type date-time: "yesterday"'],
    [
      event({ type: 'sh.keptn.internal.event.project.delete' }),
      'events of type sh.keptn.internal.event.project.delete are sent by this API itself: use DELETE /v1/project/{project}',
    ],
  ])('are refused with the reason: %j', async (body, message) => {
    expect(await send(body)).toMatchObject({ status: 400, json: { code: 400, message } });
  });

  it('accept the zero time of the Go CLI as no time', async () => {
    const { keptnContext } = await accepted(event({ time: '0001-01-01T00:00:00.000Z' }));
    const [found] = (await stored(`keptnContext=${keptnContext}`)).events;
    expect(Date.now() - Date.parse(String(found?.['time']))).toBeLessThan(60_000);
  });

  it('are refused when their project was deleted', async () => {
    await system.call('POST', '/v1/project', { name: 'gone', shipyard });
    const late = event({ data: { project: 'gone' } });
    const { keptnContext } = await accepted(late);
    await system.call('DELETE', '/v1/project/gone');
    expect((await send(late)).status).toBe(404);
    expect((await stored(`keptnContext=${keptnContext}`)).events).toEqual([]);
  });

  it('that are sent at the same time are each answered for themselves', async () => {
    await system.call('POST', '/v1/project', { name: 'left', shipyard });
    await system.call('DELETE', '/v1/project/left');
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const shkeptncontext = randomUUID();
        const data = { project: index % 4 === 0 ? 'left' : 'events-shop' };
        return { ...data, shkeptncontext, ...(await send(event({ shkeptncontext, data }))) };
      }),
    );
    for (const { project, shkeptncontext, status, json } of answers) {
      if (project === 'left') expect({ status, json }).toMatchObject({ status: 404, json: { code: 404 } });
      else expect({ status, json }).toMatchObject({ status: 200, json: { keptnContext: shkeptncontext } });
    }
  });

  it('are stored although others that are sent at the same time cannot be read', async () => {
    /** Within what api-service reads, and deeper than what an event may be. */
    const tooDeep = JSON.parse('{"x":'.repeat(98) + 'null' + '}'.repeat(98)) as object;
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const isTooDeep = index % 10 === 5;
        return { isTooDeep, ...(await send(event({ data: isTooDeep ? tooDeep : { project: 'events-shop' } }))) };
      }),
    );
    for (const { isTooDeep, status } of answers) expect(status).toBe(isTooDeep ? 400 : 200);
  });

  it('can be read one by one, the latest of a type in a context', async () => {
    const { keptnContext } = await accepted(event({ data: { project: 'events-shop', n: 1 } }));
    await accepted(event({ shkeptncontext: keptnContext, data: { project: 'events-shop', n: 2 } }));
    const path = (type: string) => `/v1/event?keptnContext=${keptnContext}&type=${type}`;
    expect(await system.call('GET', path('sh.keptn.event.configuration.change'))).toMatchObject({
      status: 200,
      json: { data: { n: 2 } },
    });
    expect(await system.call('GET', path('other'))).toMatchObject({
      status: 404,
      json: { code: 404, message: `No other event found for Keptn context: ${keptnContext}` },
    });
    expect(await system.call('GET', '/v1/event?keptnContext=&type=x')).toMatchObject({
      status: 400,
      json: { message: 'keptnContext in query is required' },
    });
  });

  it('start an evaluation of a service that exists', async () => {
    const evaluate = (service: string, body: object) =>
      system.call('POST', `/v1/project/events-shop/stage/dev/service/${service}/evaluation`, body);
    const answer = await evaluate('carts', { start: '2020-11-23T10:00:00', timeframe: '1m', labels: { build: '7' } });
    const { keptnContext } = answer.json as Accepted;
    const type = 'sh.keptn.event.start-evaluation';
    // The quality gate may have answered by now, in the same context.
    expect((await stored(`keptnContext=${keptnContext}&type=${type}`)).events).toMatchObject([
      {
        type,
        data: {
          project: 'events-shop',
          stage: 'dev',
          service: 'carts',
          teststrategy: 'manual',
          deploymentstrategy: '',
          start: '2020-11-23T10:00:00.000Z',
          end: '2020-11-23T10:01:00.000Z',
          labels: { build: '7' },
        },
      },
    ]);
    expect(await evaluate('nothing', {})).toMatchObject({ status: 400, json: { message: 'Service not found' } });
    expect(await evaluate('carts', { end: '2020-11-23T10:00:00' })).toMatchObject({
      status: 400,
      json: { message: 'start date is required when using an end date' },
    });
  });
});
