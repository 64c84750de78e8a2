import fc from 'fast-check';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageKeyOf, positionOfDate } from '../src/log/position';
import { CommandWatch } from './command-watch';
import { anEvent, Datastore, freshDatabase, TOKEN } from './datastore';

/** Only clients say this. */
const MARK = 'said-by-a-client';

/** What the service itself says to its database, and the driver for it. */
const OWN_OPERATORS = new Set([
  ...['$db', '$readPreference', '$clusterTime'],
  ...['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$exists', '$or'],
  ...['$match', '$limit', '$group', '$sum'],
  ...['$set', '$setOnInsert', '$unset', '$inc', '$min', '$max'],
]);

let datastore: Datastore;
let watch: CommandWatch;

beforeAll(async () => {
  const databaseUri = `${freshDatabase()}?monitorCommands=true`;
  datastore = await Datastore.start({}, databaseUri);
  watch = CommandWatch.on(databaseUri, MARK);
});

afterAll(() => datastore.close());

const operator = fc.constantFrom(
  '$where',
  '$ne',
  '$gt',
  '$in',
  '$regex',
  '$expr',
  '$function',
  '$or',
  '$exists',
  '$set',
);
const operatorText = operator.map((name) => JSON.stringify({ [name]: MARK }));
const hostileText = fc.oneof(
  operatorText,
  operator.map((name) => `${name}.${MARK}`),
  fc.constantFrom(`'; return '${MARK}`, `"}, "$where": "${MARK}`, `__proto__.${MARK}`),
);

/** Of a page whose answer alone does not tell how many events match. */
const LATER_PAGE = pageKeyOf(positionOfDate(new Date()));

interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const parameter = fc.constantFrom(
  ...['keptnContext', 'type', 'source', 'project', 'stage', 'service', 'eventID', 'fromTime', 'beforeTime'],
  ...['order', 'root', 'pageSize', 'nextPageKey', 'limit', 'excludeInvalidated', 'filter', 'lastEventId'],
);
const filterKey = fc.constantFrom('data.project', 'data.stage', 'data.result', 'shkeptncontext', 'id', 'triggeredid');
const filter = fc.oneof(
  fc.tuple(filterKey, hostileText).map(([key, text]) => `data.project:p AND ${key}:${text}`),
  fc.tuple(filterKey, operator).map(([key, name]) => `data.project:p AND ${key}.${name}:${MARK}`),
  operator.map((name) => `data.project:p AND ${name}:${MARK}`),
);
const parameters = fc.oneof(
  fc.tuple(parameter, hostileText).map(([name, text]) => new URLSearchParams([[name, text]]).toString()),
  fc.tuple(parameter, operator).map(([name, key]) => `${name}[${key}]=${MARK}`),
  fc.tuple(parameter, operator).map(([name, key]) => `${name}.${key}=${MARK}&${key}=${MARK}`),
  fc.tuple(parameter, hostileText).map(([name, text]) => `${name}=a&${name}=${encodeURIComponent(text)}`),
);
const question: fc.Arbitrary<Question> = fc.oneof(
  fc.tuple(fc.constantFrom('', '/stream', '/an-id', '/context/a', '/type/t'), parameters).map(([route, query]) => ({
    path: `/event${route}?${query}`,
  })),
  parameters.map((query) => ({ path: `/event?nextPageKey=${LATER_PAGE}&${query}` })),
  filter.map((text) => ({ path: `/event/type/t?filter=${encodeURIComponent(text)}` })),
  fc
    .tuple(fc.constantFrom('', '/context', '/type'), hostileText)
    .map(([route, text]) => ({ path: `/event${route}/${encodeURIComponent(text)}?filter=data.project:p` })),
  operatorText.map((text) => ({ path: '/event/stream', headers: { 'last-event-id': text } })),
  operatorText.map((text) => ({ path: `/event?nextPageKey=${Buffer.from(text).toString('base64url')}` })),
);

/** @returns the status; of a stream, nothing is read */
const ask = async ({ path, headers }: Question): Promise<number> => {
  const response = await fetch(datastore.url + path, { headers: { 'x-token': TOKEN, ...headers } });
  await response.body?.cancel();
  return response.status;
};

const hostileValue = fc.oneof(
  hostileText,
  operator.map((name) => ({ [name]: MARK })),
  operator.map((name) => [{ [name]: [MARK] }]),
);
const attributes = fc.record(
  {
    ...{ source: hostileValue, type: hostileValue, id: hostileValue, shkeptncontext: hostileValue },
    ...{ triggeredid: hostileValue, time: hostileValue, anextension: hostileValue },
  },
  { requiredKeys: [] },
);
const data = fc.tuple(
  fc.record(
    { project: hostileValue, stage: hostileValue, service: hostileValue, result: hostileValue },
    { requiredKeys: [] },
  ),
  fc.dictionary(fc.oneof(operator, hostileText), hostileValue, { maxKeys: 3 }),
);
const event = fc
  .tuple(attributes, data)
  .map(([changes, [fields, others]]) => anEvent({ ...changes, data: { ...fields, ...others } }));
const projectEvent = fc
  .tuple(fc.constantFrom('create', 'delete'), data)
  .map(([verb, [fields, others]]) =>
    anEvent({ type: `sh.keptn.internal.event.project.${verb}`, data: { ...others, ...fields } }),
  );

/** An event as the log stores it: one text, whatever is in it. */
const isStoredText = (text: string): boolean => /^\{.*"specversion":/.test(text);

/** All that was sent so far: contexts of stored events are looked at again later, beside what is sent then. */
const said: string[] = [];

/** Fails when anything of a client has reached the database in another form than as a whole text. */
const expectTextsOnly = (sent: string): void => {
  said.push(sent);
  const parts = [...watch.marked.texts].filter((text) => !isStoredText(text));
  watch.marked.texts.clear();
  expect([...watch.operators].filter((name) => !OWN_OPERATORS.has(name))).toEqual([]);
  expect([...watch.marked.keys]).toEqual([]);
  expect(parts.filter((text) => text === MARK)).toEqual([]);
  expect(parts.filter((text) => !said.some((whole) => whole.includes(text)))).toEqual([]);
};

describe('nothing of a client reaches the database but whole texts', () => {
  it('from a query', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        expect([200, 400, 404]).toContain(await ask(asked));
        expectTextsOnly(decodeURIComponent(asked.path.replaceAll('+', ' ')));
      }),
      { numRuns: 150 },
    );
    expect([...watch.commands]).toEqual(expect.arrayContaining(['find', 'aggregate']));
  }, 120_000);

  it.each([
    ['an event', (sent: unknown) => datastore.post(sent)],
    ['a batch', (sent: unknown) => datastore.post([sent], { 'content-type': 'application/cloudevents-batch+json' })],
    ['a line', (sent: unknown) => datastore.post(sent, { 'content-type': 'application/x-ndjson' })],
  ])(
    'from %s',
    async (_form, post) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(event, projectEvent), async (sent) => {
          // 409: another event came with the same source and id.
          expect([201, 207, 400, 404, 409]).toContain((await post(sent)).status);
          expectTextsOnly(textsIn(sent).join('\n'));
        }),
        { numRuns: 40 },
      );
      expect((await post(anEvent())).status).toBe(201);
      expect([...watch.commands]).toEqual(expect.arrayContaining(['insert', 'update']));
    },
    120_000,
  );

  it('although the watch would see an operator', async () => {
    const databaseUri = `${freshDatabase()}?monitorCommands=true`;
    const connection = await mongoose.createConnection(databaseUri).asPromise();
    const other = CommandWatch.on(databaseUri, MARK);
    await connection.collection('events').findOne({ id: { $ne: MARK } });
    expect([...other.operators]).toContain('$ne');
    expect([...other.marked.texts]).toEqual([MARK]);
    await connection.close();
  });
});

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
