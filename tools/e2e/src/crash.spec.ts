import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killAll } from './processes';
import { type Answer, type Launch, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const ROUNDS = 2;
const WRITERS = 4;

/** Events that a round lets through before it kills everything. */
const EVENTS = 60;

/** Each round starts the whole system again, in milliseconds. */
const TIMEOUT_MS = 180_000;

const SOURCE = 'crash-test';

const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');

/** The ids of all events that were answered, in that order. */
type Answered = string[];

/** Those of events whose answer was lost, and which came with an Idempotency-Key. */
type Unanswered = Set<string>;

describe('after kill -9 of all processes at once and a restart', () => {
  let launch: Launch;
  let system: LaunchedSystem;

  beforeAll(async () => {
    launch = await newLaunch();
    system = await startSystem(launch);
    await system.call('POST', '/v1/project', { name: 'shop', shipyard });
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(launch);
  });

  it(
    'every event that was answered, or is sent again with its key, is in the log exactly once, and no query was wrong',
    { timeout: TIMEOUT_MS },
    async () => {
      const answered: Answered = [];
      const unanswered: Unanswered = new Set();
      for (let round = 0; round < ROUNDS; round += 1) {
        const [rightAnswers] = await Promise.all([
          askUntilKilled(system, answered),
          sendUntilKilled(system, answered, unanswered),
        ]);
        expect(rightAnswers).toBeGreaterThan(0);
        system = await startSystem(launch);
        for (const id of unanswered) expect((await send(system, id)).status).toBe(200);
        for (const id of [...answered, ...unanswered]) expect(await eventsWith(system, id)).toMatchObject(exactly(id));
      }
      expect(answered.length).toBeGreaterThanOrEqual(ROUNDS * EVENTS);
    },
  );

  it('what the view was told of is in it', { timeout: TIMEOUT_MS }, async () => {
    expect((await system.call('POST', '/v1/project/shop/service', { serviceName: 'orders' })).status).toBe(200);
    const data = { project: 'shop', stage: 'dev', service: 'orders' };
    const events = ['first', 'second'].map((id) => ({
      specversion: '1.0',
      id,
      source: SOURCE,
      type: `type-${id}`,
      data,
    }));
    const processes = await system.processes();
    expect((await system.call('POST', '/configuration-service/v1/event', events)).status).toBe(200);
    killAll(processes);
    system = await startSystem(launch);
    const { text } = await system.call('GET', '/configuration-service/v1/project/shop/stage/dev/service/orders');
    expect(text).toContain('"eventId":"first"');
    expect(text).toContain('"eventId":"second"');
  });
});

const eventsWith = (system: LaunchedSystem, id: string): Promise<Answer> =>
  system.call('GET', `/mongodb-datastore/event?keptnContext=${id}`);

const exactly = (id: string) => ({ status: 200, json: { totalCount: 1, events: [{ shkeptncontext: id }] } });

/**
 * Asks for the latest event that was answered, and for the number of all, until nobody answers any more. An answer that is
 * no failure has to be right.
 *
 * @returns how many answers were right
 */
const askUntilKilled = async (system: LaunchedSystem, answered: Answered): Promise<number> => {
  for (let right = 0; ;) {
    const before = answered.length;
    const id = answered.at(-1);
    const answers = await Promise.all([
      system.call('GET', `/mongodb-datastore/event?source=${SOURCE}&pageSize=1`),
      ...(id === undefined ? [] : [eventsWith(system, id)]),
    ]).catch(() => undefined);
    if (answers === undefined) return right;
    const [all, one] = answers;
    if (all.status === 200) {
      expect((all.json as { totalCount: number }).totalCount).toBeGreaterThanOrEqual(before);
      right += 1;
    }
    if (id !== undefined && one?.status === 200) expect(one).toMatchObject(exactly(id));
  }
};

const send = async (system: LaunchedSystem, id: string): Promise<Answer> => {
  const data = { project: 'shop', stage: 'dev', service: 'carts' };
  const event = { shkeptncontext: id, type: 'sh.keptn.event.configuration.change', source: SOURCE, data };
  return system.call('POST', '/v1/event', event, { 'x-token': await system.token(), 'idempotency-key': id });
};

const sendUntilKilled = async (system: LaunchedSystem, answered: Answered, unanswered: Unanswered): Promise<void> => {
  const enough = answered.length + EVENTS;
  const killed = new AbortController();
  const isAlive = (): boolean => !killed.signal.aborted;
  const writer = async (): Promise<void> => {
    while (isAlive()) {
      const id = randomUUID();
      const status = await send(system, id).then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status === 200) answered.push(id);
      else unanswered.add(id);
      if (isAlive() && answered.length >= enough) {
        killed.abort();
        await system.killEverything();
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
};
