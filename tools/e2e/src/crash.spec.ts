import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launch, type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const ROUNDS = 3;
const WRITERS = 4;

/** Events that a round lets through before it kills everything. */
const EVENTS = 60;

/** Each round starts the whole system again, in milliseconds. */
const TIMEOUT_MS = 90_000;

const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');

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

  it('every event that was answered is in the log exactly once', { timeout: TIMEOUT_MS }, async () => {
    const answered: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await sendUntilKilled(system, answered);
      system = await startSystem(launch);
      for (const id of answered) {
        const found = await system.call('GET', `/mongodb-datastore/event?eventID=${id}`);
        expect(found.json).toMatchObject({ totalCount: 1, events: [{ id }] });
      }
    }
    expect(answered.length).toBeGreaterThanOrEqual(ROUNDS * EVENTS);
  });
});

const sendUntilKilled = async (system: LaunchedSystem, answered: string[]): Promise<void> => {
  const enough = answered.length + EVENTS;
  const killed = new AbortController();
  const isAlive = (): boolean => !killed.signal.aborted;
  const writer = async (): Promise<void> => {
    while (isAlive()) {
      const id = randomUUID();
      const status = await system
        .call('POST', '/v1/event', {
          id,
          type: 'sh.keptn.event.configuration.change',
          source: 'crash-test',
          data: { project: 'shop', stage: 'dev', service: 'carts' },
        })
        .then(
          (answer) => answer.status,
          () => undefined,
        );
      if (status === 200) {
        answered.push(id);
      }
      if (isAlive() && answered.length >= enough) {
        killed.abort();
        await system.killEverything();
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
};
