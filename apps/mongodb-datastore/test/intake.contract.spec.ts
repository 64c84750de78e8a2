import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anEvent, Datastore } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start({ MAX_BODY_BYTES: '20000000' });
});

afterAll(() => datastore.close());

const read = async (id: string): Promise<Record<string, unknown>> =>
  (await datastore.get(`/event/${encodeURIComponent(id)}`)).json as Record<string, unknown>;

describe('POST /event', () => {
  it('stores an event with the id and time of its sender', async () => {
    const event = anEvent({
      time: '2020-11-23T10:15:30.123456789+02:00',
      shkeptncontext: 'a-context',
      triggeredid: 't',
    });
    const answer = await datastore.post(event);
    expect(answer).toMatchObject({
      status: 201,
      json: { id: event.id, shkeptncontext: 'a-context', sequence: expect.any(Number) },
    });
    expect(await read(event.id)).toEqual(event);
  });

  it('makes an id and a time when the sender gives none, or the zero time of Go', async () => {
    const { id: first } = await datastore.store({ type: 'a.b' });
    const { id: second } = await datastore.store({ type: 'a.b', id: null, time: '0001-01-01T00:00:00.000Z' });
    for (const id of [first, second]) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      const time = Date.parse(String((await read(id))['time']));
      expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
    }
  });

  it.each([
    ['2021-03-04T05:06:07.5Z', '2021-03-04T05:06:07.5Z'],
    ['2021-03-04T05:06:07.123456789-03:30', '2021-03-04T05:06:07.123456789-03:30'],
    ['2021-03-04T05:06:07', '2021-03-04T05:06:07Z'],
    ['2021-03-04T05:06', '2021-03-04T05:06:00Z'],
    ['2021-03-04T05:06Z', '2021-03-04T05:06:00Z'],
  ])('reads the time %s', async (time, served) => {
    const event = anEvent({ time });
    await datastore.store(event);
    expect(await read(event.id)).toMatchObject({ time: served });
  });

  it('takes an empty time for none', async () => {
    const event = anEvent({ time: '' });
    await datastore.store(event);
    const { time } = await read(event.id);
    expect(Math.abs(Date.parse(String(time)) - Date.now())).toBeLessThan(60_000);
  });

  it('needs nothing but a type', async () => {
    const { status, headers, json } = await datastore.post({ type: 'bare.type' });
    expect([status, headers.get('content-type')]).toEqual([201, 'application/json; charset=utf-8']);
    const { id } = json as { id: string };
    expect(json).toEqual({ id, sequence: expect.any(Number) });
    expect(await read(id)).toEqual({
      ...{ id, type: 'bare.type', source: '', specversion: '0.2' },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/cloudevents+json'])(
    'reads an event of the media type %s',
    async (type) => {
      const event = anEvent();
      expect(await datastore.post(event, { 'content-type': type })).toMatchObject({
        status: 201,
        json: { id: event.id },
      });
    },
  );

  it('keeps what an event has beyond the names of the original', async () => {
    const event = anEvent({ subject: 's', extensions: { a: 1 }, anextension: 'x' });
    await datastore.store(event);
    expect(await read(event.id)).toMatchObject({ subject: 's', extensions: { a: 1 }, anextension: 'x' });
  });

  it('numbers events in the order in which they are stored', async () => {
    const sequences = [];
    for (let count = 0; count < 5; count++) sequences.push((await datastore.store(anEvent())).sequence);
    expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
    expect(new Set(sequences).size).toBe(5);
  });

  it.each([
    ['0.2', { contenttype: 'application/json' }, { contenttype: 'application/json' }],
    [
      '0.3',
      { datacontenttype: 'application/json' },
      { datacontenttype: 'application/json', contenttype: 'application/json' },
    ],
    [
      '1.0',
      { datacontenttype: 'application/json', subject: 's' },
      { datacontenttype: 'application/json', contenttype: 'application/json', subject: 's' },
    ],
  ])('serves CloudEvents %s as sent, plus the names of 0.2', async (specversion, sent, served) => {
    const event = anEvent({ specversion, time: '2021-01-01T00:00:00Z' });
    delete event['contenttype'];
    await datastore.store({ ...event, ...sent });
    expect(await read(event.id)).toEqual({ ...event, ...served });
  });

  it('reads the binary mode', async () => {
    const { status } = await datastore.postText('{"project":"sockshop","n":12345678901234567890}', {
      'ce-specversion': '1.0',
      'ce-id': 'binary%20one',
      'ce-source': '/here',
      'ce-type': 'a.b',
      'ce-time': '2021-01-01T00:00:00Z',
      'ce-shkeptncontext': 'c',
    });
    expect(status).toBe(201);
    const { text } = await datastore.get('/event/binary%20one');
    expect(text).toContain('"data":{"project":"sockshop","n":12345678901234567890}');
    expect(JSON.parse(text)).toMatchObject({ source: '/here', type: 'a.b', shkeptncontext: 'c', specversion: '1.0' });
  });

  it('reads the binary mode without data', async () => {
    const headers = {
      'x-token': 'a-token-for-these-tests',
      'ce-specversion': '0.3',
      'ce-id': 'bare',
      'ce-source': 's',
    };
    const { status } = await datastore.call('/event', { method: 'POST', headers: { ...headers, 'ce-type': 'a.b' } });
    expect(status).toBe(201);
    expect(await read('bare')).not.toHaveProperty('data');
  });

  it('refuses binary data that is not JSON', async () => {
    const headers = { 'content-type': 'text/plain', 'ce-specversion': '1.0', 'ce-type': 'a.b', 'ce-source': 's' };
    expect((await datastore.postText('text', headers)).status).toBe(415);
  });

  it('takes the events of a batch each for itself', async () => {
    const [good, again] = [anEvent(), anEvent()];
    await datastore.store(again);
    const { status, json } = await datastore.post([good, { source: 'without type' }, again], {
      'content-type': 'application/cloudevents-batch+json',
    });
    expect(status).toBe(207);
    expect(json).toEqual([
      { status: 201, id: good.id, sequence: expect.any(Number) },
      { status: 400, code: 400, message: 'type in body is required', reason: 'INVALID_EVENT' },
      { status: 201, id: again.id, sequence: expect.any(Number), replayed: true },
    ]);
    expect(await read(good.id)).toMatchObject({ id: good.id });
  });

  it('answers a batch that is stored as a whole with 201, also an empty one', async () => {
    const batch = { 'content-type': 'application/cloudevents-batch+json' };
    expect((await datastore.post([anEvent(), anEvent()], batch)).status).toBe(201);
    expect(await datastore.post([], batch)).toMatchObject({ status: 201, json: [] });
  });
});

describe('the same event again', () => {
  it('is stored once and answered the same', async () => {
    const event = anEvent({ shkeptncontext: 'replayed' });
    const first = await datastore.post(event);
    const second = await datastore.post(event);
    expect(first.headers.get('idempotent-replay')).toBeNull();
    expect(second).toMatchObject({ status: 201, json: first.json });
    expect(second.headers.get('idempotent-replay')).toBe('true');
    expect((await datastore.page({ eventID: event.id })).events).toMatchObject([{ data: event['data'] }]);
    expect(await datastore.page({ root: 'true', keptnContext: 'replayed' })).toMatchObject({ totalCount: 1 });
  });

  it.each([
    ['in another version of CloudEvents', { specversion: '1.0' }],
    ['with its media type by another name', { specversion: '0.3', datacontenttype: 'application/json' }],
    ['with its fields in another order', { data: { eventContext: null, stage: 'dev', project: 'sockshop' } }],
    ['with a ticket', { data: { project: 'sockshop', stage: 'dev', eventContext: { token: 'secret' } } }],
  ])('%s is the same event', async (_how, changes) => {
    const data = { project: 'sockshop', stage: 'dev', eventContext: null };
    const event = anEvent({ time: '2021-01-01T00:00:00Z', data });
    await datastore.store(event);
    const again = await datastore.post({ ...event, ...changes });
    expect([again.status, again.headers.get('idempotent-replay')]).toEqual([201, 'true']);
  });

  it('uses up one number at most however often it comes', async () => {
    const own = await Datastore.start();
    try {
      const event = anEvent();
      const { sequence } = await own.store(event);
      for (let time = 0; time < 3; time++) expect((await own.store(event)).sequence).toBe(sequence);
      expect((await own.store(anEvent())).sequence).toBeLessThanOrEqual(sequence + 2);
    } finally {
      await own.close();
    }
  });

  it('is stored once when it is sent many times at the same moment', async () => {
    const event = anEvent();
    const answers = await Promise.all(Array.from({ length: 20 }, () => datastore.post(event)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replay') === null)).toHaveLength(1);
    expect((await datastore.page({ eventID: event.id })).totalCount).toBe(1);
  });

  it('is stored once when two replicas get it at the same moment, and contexts are those of what is stored', async () => {
    const one = await Datastore.start();
    const other = await Datastore.start({}, one.databaseUri);
    const database = await mongoose.createConnection(one.databaseUri).asPromise();
    try {
      const second = (number: number) => new Date(Date.UTC(2025) + number * 1000).toISOString();
      const events = Array.from({ length: 60 }, (_, index) =>
        anEvent({ shkeptncontext: `shared-${index % 10}`, time: second((index * 37) % 60) }),
      );
      await Promise.all(
        events.map(async (event, index) => {
          // Every other one says something else at the other replica.
          const rival = index % 2 === 0 ? event : { ...event, time: second(index * 3 - 200) };
          const answers = await Promise.all([one.post(event), other.post(rival)]);
          const statuses = answers.map(({ status }) => status).toSorted();
          expect(statuses).toEqual([201, rival === event ? 201 : 409]);
        }),
      );
      const stored = await database.collection('events').find().sort({ position: 1 }).toArray();
      expect(stored).toHaveLength(events.length);
      // What replicas get wrong in each other's way is put right by the follower of the log.
      await vi.waitFor(async () => {
        for (const context of await database.collection('contexts').find().toArray()) {
          const own = stored.filter(({ shkeptncontext }) => shkeptncontext === String(context._id));
          expect(context).toMatchObject({ root: { id: own[0]?.['id'] } });
        }
      }, 30_000);
    } finally {
      await database.close();
      await other.stop();
      await one.close();
    }
  }, 90_000);

  it('is another event when it comes from another source', async () => {
    const event = anEvent();
    const one = await datastore.store(event);
    const other = await datastore.store({ ...event, source: 'elsewhere' });
    expect(other.sequence).not.toBe(one.sequence);
    expect((await datastore.page({ eventID: event.id })).totalCount).toBe(2);
    expect((await datastore.get(`/event/${event.id}`, { source: event['source'] as string })).json).toMatchObject({
      source: event['source'],
    });
  });
});

describe('another event with the same source and id', () => {
  it.each([
    ['data', { data: { other: true } }],
    ['type', { type: 'another.type' }],
    ['context', { shkeptncontext: 'another' }],
    ['time', { time: '2019-01-01T00:00:00Z' }],
    ['an attribute more', { subject: 's' }],
    ['no time', { time: undefined, data: {} }],
  ])('is refused and changes nothing: other %s', async (_what, changes) => {
    // A store of its own: where repeats came before, they are not written in the first place.
    const own = await Datastore.start();
    const database = await mongoose.createConnection(own.databaseUri).asPromise();
    try {
      const event = anEvent({ shkeptncontext: 'first', time: '2025-01-01T00:00:00Z' });
      await own.store(event);
      const contexts = database.collection<{ _id: string }>('contexts');
      const before = await contexts.find().toArray();
      for (let time = 0; time < 2; time++) {
        const message = `an event with id ${event.id} and source ${String(event['source'])} is stored already`;
        expect(await own.post({ ...event, ...changes })).toMatchObject({
          status: 409,
          json: { code: 409, message: expect.stringContaining(message) },
        });
      }
      expect((await own.page()).events).toEqual([event]);
      expect(await contexts.find().toArray()).toEqual(before);
    } finally {
      await database.close();
      await own.close();
    }
  });

  it('loses to the first when many come at the same moment, and none is dropped behind a success', async () => {
    const event = anEvent({ time: '2025-01-01T00:00:00Z' });
    const rivals = Array.from({ length: 20 }, (_none, index) => ({
      ...event,
      data: { project: 'p', index: index % 4 },
    }));
    const answers = await Promise.all(rivals.map((rival) => datastore.post(rival)));
    const [stored] = (await datastore.page({ eventID: event.id })).events;
    for (const [index, { status }] of answers.entries()) {
      expect(status).toBe(JSON.stringify(rivals[index]?.data) === JSON.stringify(stored?.['data']) ? 201 : 409);
    }
  });

  it('is refused in a batch by itself', async () => {
    const [event, good] = [anEvent(), anEvent()];
    const { json, status } = await datastore.post([event, { ...event, data: {} }, good, event], {
      'content-type': 'application/cloudevents-batch+json',
    });
    expect([status, json]).toMatchObject([
      207,
      [{ status: 201 }, { status: 409 }, { status: 201 }, { replayed: true }],
    ]);
  });

  it('does not bring a project into being', async () => {
    const creation = anEvent({ type: 'sh.keptn.internal.event.project.create', data: { project: 'taken' } });
    await datastore.store(creation);
    expect((await datastore.post({ ...creation, data: { project: 'untold' } })).status).toBe(409);
    const deletion = { type: 'sh.keptn.internal.event.project.delete', data: { project: 'untold' } };
    await datastore.store(anEvent(deletion));
    expect((await datastore.post(anEvent({ data: { project: 'untold' } }))).status).toBe(201);
  });
});

describe('what is refused', () => {
  it.each([
    ['malformed JSON', '{"type":', 400, /^the body is not/],
    ['an empty body', '', 400, /body/],
    ['a body that is no object', '[]', 400, /must be a JSON object/],
    ['no type', '{"source":"s"}', 400, /^type in body is required$/],
    ['an empty type', '{"type":""}', 400, /^type: MUST be a non-empty string$/],
    ['a type of the wrong kind', '{"type":5}', 400, /^type in body must be of type string$/],
    ['a time that is none', '{"type":"t","time":"yesterday"}', 400, /date-time/],
    ['an unknown version', '{"type":"t","specversion":"9"}', 400, /specversion/],
    ['a type that is too long', JSON.stringify({ type: 't'.repeat(513) }), 400, /^type in body .* 512/],
    ['a type of too many bytes', JSON.stringify({ type: 'ö'.repeat(226) }), 400, /^type in body .* 450 bytes/],
    [
      'a source that is too long',
      JSON.stringify({ type: 't', source: 's'.repeat(513) }),
      400,
      /^source in body .* 512/,
    ],
    ['an id that is too long', JSON.stringify({ type: 't', id: 'i'.repeat(513) }), 400, /^id in body .* 512/],
    [
      'a name that is too long',
      JSON.stringify({ type: 't', data: { stage: 's'.repeat(513) } }),
      400,
      /^data\.stage .* 512/,
    ],
    ['an event over 15 MiB', JSON.stringify({ type: 't', data: 'x'.repeat(15_800_000) }), 413, /larger than the limit/],
    ['a body over the limit', JSON.stringify({ type: 't', data: 'x'.repeat(20_100_000) }), 413, /MAX_BODY_BYTES/],
    ['deletion without project', '{"type":"sh.keptn.internal.event.project.delete"}', 400, /^data\.project/],
    [
      'creation with data that is no object',
      '{"type":"sh.keptn.internal.event.project.create","data":"p"}',
      400,
      /^data in body must be of type object$/,
    ],
    ['creation without project', '{"type":"sh.keptn.internal.event.project.create","data":{}}', 400, /^data\.project/],
  ])('%s', async (_what, body, status, message) => {
    const answer = await datastore.postText(body);
    expect(answer.json).toMatchObject({ code: status, message: expect.stringMatching(message) });
    expect(answer.status).toBe(status);
  });

  it('a request without a body', async () => {
    expect(await datastore.call('/event', { method: 'POST' })).toMatchObject({
      status: 400,
      json: { code: 400, message: 'a JSON body is required' },
    });
  });

  it('nesting over 96 levels, and not one less', async () => {
    const nested = (levels: number): string =>
      `{"type":"t","id":"deep","data":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(await datastore.postText(nested(96))).toMatchObject({ status: 400 });
    expect(await datastore.postText(nested(95))).toMatchObject({ status: 201 });
    expect((await datastore.get('/event/deep')).text).toContain('['.repeat(95));
  });

  it('a request without the token, a wrong media type, a wrong method', async () => {
    expect(await datastore.call('/event', { headers: { 'x-token': '' } })).toMatchObject({ status: 401 });
    expect(await datastore.postText('type: t', { 'content-type': 'application/yaml' })).toMatchObject({ status: 415 });
    expect(await datastore.call('/event', { method: 'DELETE' })).toMatchObject({ status: 405 });
  });
});
