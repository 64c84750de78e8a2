import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf, type Page } from './datastore';

const WRITERS = 16;
const EVENTS_OF_A_WRITER = 4;

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start();
});

afterAll(() => datastore.close());

type Fields = Readonly<Record<'keptnContext' | 'project' | 'service' | 'source' | 'stage' | 'type', string>>;

const someOf = (name: string) => fc.constantFrom(`${name}-1`, `${name}-2`);
const fields = fc.record({
  keptnContext: someOf('context'),
  project: someOf('project'),
  service: someOf('service'),
  source: someOf('source'),
  stage: someOf('stage'),
  type: someOf('type'),
});
// Few different times, so that many events have the same.
const time = fc.integer({ min: 0, max: 9 }).map((second) => new Date(Date.UTC(2021, 0, 1, 0, 0, second)).toISOString());
const writes = fc.array(fc.tuple(fields, time), {
  minLength: WRITERS * EVENTS_OF_A_WRITER,
  maxLength: WRITERS * EVENTS_OF_A_WRITER,
});
const filter = fc
  .tuple(
    fields,
    fc.subarray(['keptnContext', 'project', 'service', 'source', 'stage', 'type'] as const, { maxLength: 3 }),
  )
  .map(([values, names]) => Object.fromEntries(names.map((name) => [name, values[name]])));

const acknowledged = new Map<string, Fields>();

const store = async ([values, at]: readonly [Fields, string]): Promise<void> => {
  const { keptnContext, project, service, source, stage, type } = values;
  const event = anEvent({ time: at, source, type, shkeptncontext: keptnContext, data: { project, stage, service } });
  await datastore.store(event);
  acknowledged.set(event.id, values);
};

const matching = (wanted: Readonly<Partial<Fields>>): string[] =>
  [...acknowledged]
    .filter(([, values]) => Object.entries(wanted).every(([name, value]) => values[name as keyof Fields] === value))
    .map(([id]) => id);

it('pages hold each event of the moment of the first page once, and the count is exact, while 16 writers write', async () => {
  await fc.assert(
    fc.asyncProperty(
      writes,
      filter,
      fc.constantFrom('newest', 'oldest'),
      // The keys of pages of one event are offsets, for Keptn's Go client: what is stored meanwhile moves them.
      fc.integer({ min: 2, max: 40 }),
      async (events, wanted, order, pageSize) => {
        const writing = Promise.all(
          Array.from({ length: WRITERS }, async (_none, writer) => {
            for (const event of events.filter((_event, index) => index % WRITERS === writer)) await store(event);
          }),
        );
        const before = matching(wanted);
        const ids: string[] = [];
        let page: Page = await datastore.page({ ...wanted, order, pageSize: String(pageSize) });
        expect(page.totalCount).toBeGreaterThanOrEqual(before.length);
        ids.push(...idsOf(page));
        while (page.nextPageKey !== undefined) {
          const { nextPageKey } = page;
          page = await datastore.page({ ...wanted, order, pageSize: String(pageSize), nextPageKey });
          ids.push(...idsOf(page));
        }
        expect(new Set(ids).size).toBe(ids.length);
        expect(before.filter((id) => !ids.includes(id))).toEqual([]);
        await writing;
        // Whatever the size of its pages, a walk through the log gives the events in one and the same order.
        const inOrder = await datastore.allIds({ ...wanted, order, pageSize: '100' });
        expect(await datastore.allIds({ ...wanted, order, pageSize: String(pageSize) })).toEqual(inOrder);
        expect(await datastore.page(wanted)).toMatchObject({ totalCount: matching(wanted).length });
      },
    ),
    // What fails depends on the moment as well, so that smaller examples would only hide it behind the time limit.
    { numRuns: 3, endOnFailure: true },
  );
}, 120_000);
