import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get as request, type IncomingMessage, request as openRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, anEvent, Datastore, idsOf, TOKEN } from './datastore';

const LINES = { 'content-type': 'application/x-ndjson' };

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start({ MAX_BODY_BYTES: '20000' });
});

afterAll(() => datastore.close());

const at = (seconds: number): string => new Date(Date.UTC(2021, 0, 1, 0, 0, seconds)).toISOString();

const importLines = (lines: readonly unknown[], to = datastore): Promise<Answer> =>
  to.postText(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), LINES);

const exportLines = async (path: string, from = datastore): Promise<string[]> => {
  const { status, text } = await from.call(path, { headers: { accept: 'application/x-ndjson' } });
  expect(status).toBe(200);
  return text.split('\n').slice(0, -1);
};

const eventsOf = (project: string, count: number): (Record<string, unknown> & { id: string })[] =>
  Array.from({ length: count }, (_none, index) =>
    anEvent({ time: at(index), shkeptncontext: `${project}-${index % 3}`, data: { project, index } }),
  );

describe('GET /event as lines', () => {
  it('holds everything that matches, however much it is, in the order that is asked for', async () => {
    const events = eventsOf('many', 450);
    await importLines([...events, anEvent({ data: { project: 'other' } })]);
    const ids = events.map(({ id }) => id);
    const newest = (await exportLines('/event?project=many&pageSize=5')).map(
      (line) => JSON.parse(line) as { id: string },
    );
    expect(newest.map(({ id }) => id)).toEqual(ids.toReversed());
    const oldest = (await exportLines('/event?project=many&order=oldest')).map(
      (line) => JSON.parse(line) as { id: string },
    );
    expect(oldest.map(({ id }) => id)).toEqual(ids);
  });

  it('leaves out what is stored after the request', async () => {
    const events = eventsOf('moment', 900).map((event) => ({ ...event, padding: 'x'.repeat(4_000) }));
    await importLines(events);
    const answer = await openExport('/event?project=moment&order=oldest');
    await datastore.store(anEvent({ time: at(10_000), data: { project: 'moment' } }));
    const lines = (await textOf(answer)).split('\n').slice(0, -1);
    expect(lines).toHaveLength(events.length);
  });

  it('is the root events only when they are asked for', async () => {
    await importLines(eventsOf('rooted', 9));
    const lines = await exportLines('/event?project=rooted&root=true&order=oldest');
    expect(lines.map((line) => (JSON.parse(line) as { data: { index: number } }).data.index)).toEqual([0, 1, 2]);
  });

  it('is empty when nothing matches', async () => {
    expect(await exportLines('/event?project=nobody')).toEqual([]);
  });

  it('is given to those only who prefer lines', async () => {
    const typeFor = async (accept: string): Promise<string | null> =>
      (await datastore.call('/event', { headers: { accept } })).headers.get('content-type');
    expect(await typeFor('application/x-ndjson, application/json;q=0.5')).toContain('application/x-ndjson');
    expect(await typeFor('application/json, application/x-ndjson;q=0.5')).toContain('application/json');
    expect(await typeFor('*/*')).toContain('application/json');
  });

  it('refuses to answer in any other form', async () => {
    expect(await datastore.call('/event', { headers: { accept: 'text/csv' } })).toMatchObject({
      status: 406,
      json: { code: 406, message: expect.stringContaining('application/json application/x-ndjson') },
    });
  });
});

describe('GET /event/context/{keptnContext} as lines', () => {
  it('is the whole trace, oldest event first', async () => {
    const events = eventsOf('traced', 700).map((event) => ({ ...event, shkeptncontext: 'one-trace' }));
    await importLines(events.toReversed());
    const lines = await exportLines('/event/context/one-trace');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(events.map(({ id }) => id));
  });

  it('is 404 for an unknown context', async () => {
    const answer = await datastore.call('/event/context/unknown', { headers: { accept: 'application/x-ndjson' } });
    expect(answer).toMatchObject({ status: 404, json: { code: 404 } });
  });
});

describe('POST /event as lines', () => {
  it('stores each line once, however often it is sent', async () => {
    const events = eventsOf('twice', 12);
    const report = { stored: 12, replayed: 0, refused: 0, refusals: [] };
    expect(await importLines(events)).toMatchObject({ status: 201, json: report });
    expect(await importLines(events)).toMatchObject({ status: 201, json: { ...report, stored: 0, replayed: 12 } });
    expect(idsOf(await datastore.page({ project: 'twice' }))).toEqual(events.map(({ id }) => id).toReversed());
  });

  it('marks its events as imported, which no other event is', async () => {
    const [line, single] = eventsOf('history', 2);
    const importtime = '2020-01-01T00:00:00Z';
    await importLines([{ ...line, importtime }]);
    await datastore.store({ ...single, importtime });
    expect(await datastore.page({ project: 'history' })).toMatchObject({
      events: [
        expect.not.objectContaining({ importtime: expect.anything() }),
        { id: line?.id, importtime: expect.not.stringContaining('2020') },
      ],
    });
    expect((await exportLines('/event?project=history')).join('')).not.toContain('importtime');
    expect(await importLines([line, single])).toMatchObject({ json: { replayed: 2 } });
  });

  it('names a line that has the source and id of another event', async () => {
    const [event] = eventsOf('rival', 1);
    const { status, json } = await importLines([event, { ...event, data: { project: 'rival', n: 2 } }, event]);
    expect([status, json]).toMatchObject([
      207,
      { stored: 1, replayed: 1, refused: 1, refusals: [{ line: 2, code: 409 }] },
    ]);
  });

  it('skips a byte order mark', async () => {
    const event = anEvent({ data: { project: 'marked' } });
    const marked = `\ufeff${JSON.stringify(event)}`;
    expect((await datastore.postText(marked, { 'content-type': 'application/x-ndjson' })).status).toBe(201);
    expect((await datastore.postText(marked)).headers.get('idempotent-replay')).toBe('true');
  });

  it('has room for what was added to an event that was as large as it may be', async () => {
    const event = anEvent({ data: { project: 'large', text: 'x'.repeat(20_000) } });
    expect(await importLines([event])).toMatchObject({ status: 201, json: { stored: 1 } });
  });

  it('names the lines that it refuses and stores the others', async () => {
    const body = [
      JSON.stringify(anEvent({ data: { project: 'partly' } })),
      '{"specversion":"1.0"',
      '',
      JSON.stringify(anEvent({ type: undefined })),
      JSON.stringify(anEvent({ data: { project: 'partly', long: 'x'.repeat(100_000) } })),
      JSON.stringify(anEvent({ type: 'sh.keptn.internal.event.project.delete', data: { project: 'partly' } })),
      '"an event\\ud800"',
      JSON.stringify(anEvent({ data: { project: 'partly' } })),
    ].join('\r\n');
    const { status, json } = await datastore.postText(body, LINES);
    expect(status).toBe(207);
    expect(json).toMatchObject({
      stored: 2,
      refused: 5,
      refusals: [
        { line: 2, code: 400, message: expect.stringContaining('not valid JSON') },
        { line: 4, code: 400, message: 'type in body is required' },
        { line: 5, code: 413, message: expect.stringContaining('20000 bytes') },
        { line: 6, code: 400, message: expect.stringContaining('not imported') },
        { line: 7, code: 400 },
      ],
    });
    expect(await datastore.page({ project: 'partly' })).toMatchObject({ totalCount: 2 });
  });

  it('refuses a line that is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
    const answer = await datastore.call('/event', { method: 'POST', body, headers: LINES });
    expect(answer).toMatchObject({ status: 207, json: { refusals: [{ line: 1, message: 'the line is not UTF-8' }] } });
  });

  it('begins a deleted project anew where the lines say so', async () => {
    const created = anEvent({
      type: 'sh.keptn.internal.event.project.create',
      data: { project: 'again', shipyard: 'c3RhZ2VzOg==' },
    });
    await datastore.store(created);
    await datastore.post(anEvent({ type: 'sh.keptn.internal.event.project.delete', data: { project: 'again' } }));
    const events = eventsOf('again', 3);
    expect(await importLines(events)).toMatchObject({
      json: { refused: 3, refusals: [{ line: 1, code: 404 }, {}, {}] },
    });
    expect(await importLines([...events, created])).toMatchObject({ status: 201, json: { stored: 4 } });
  });

  it('takes a body of any length, line by line as it comes', async () => {
    const total = 1_500;
    const upload = openRequest(`${datastore.url}/event`, { method: 'POST', headers: { ...LINES, 'x-token': TOKEN } });
    const answered = once(upload, 'response');
    for (const event of eventsOf('long', total)) upload.write(`${JSON.stringify(event)}\n`);
    // Not the end of the body yet, and still most of it is there.
    while ((await datastore.page({ project: 'long' })).totalCount < 1_000);
    upload.end();
    const [answer] = (await answered) as [IncomingMessage];
    expect(JSON.parse(await textOf(answer))).toMatchObject({ stored: total, refused: 0 });
  });

  it('keeps what came before the sender broke off', async () => {
    const upload = openRequest(`${datastore.url}/event`, { method: 'POST', headers: { ...LINES, 'x-token': TOKEN } });
    upload.on('error', () => undefined);
    for (const event of eventsOf('broken-off', 600)) upload.write(`${JSON.stringify(event)}\n`);
    while ((await datastore.page({ project: 'broken-off' })).totalCount < 500);
    upload.destroy();
    expect(await datastore.page({ project: 'broken-off' })).toMatchObject({ totalCount: 500 });
  });
});

describe('an export that is imported elsewhere', () => {
  it('is the same export there, byte for byte', async () => {
    const project = 'moved';
    await importLines([
      anEvent({ specversion: '0.2', data: { project, 'a.b': 1, $set: { '': 12345678901234567890n.toString() } } }),
      anEvent({ specversion: '1.0', datacontenttype: 'application/json', contenttype: undefined, data: { project } }),
      anEvent({ specversion: '0.3', subject: 'a subject', anextension: 'kept', data: { project, text: 'ü\u2028 😀' } }),
      anEvent({ time: '2021-06-01T12:00:00.123456789+02:00', triggeredid: randomUUID(), data: { project } }),
    ]);
    await datastore.postText(
      `{"specversion":"0.2","id":"n","type":"t","source":"s","data":{"project":"${project}","n":[1.0,1e3,90071992547409930]}}`,
    );
    const lines = await exportLines(`/event?project=${project}&order=oldest`);
    expect(lines).toHaveLength(5);
    const elsewhere = await Datastore.start();
    await elsewhere.postText(lines.join('\n'), LINES);
    expect(await exportLines(`/event?project=${project}&order=oldest`, elsewhere)).toEqual(lines);
    await elsewhere.close();
  });
});

const openExport = async (path: string): Promise<IncomingMessage> => {
  const headers = { accept: 'application/x-ndjson', 'x-token': TOKEN };
  const [answer] = (await once(request(datastore.url + path, { headers }), 'response')) as [IncomingMessage];
  return answer;
};

const textOf = async (answer: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return text;
};
