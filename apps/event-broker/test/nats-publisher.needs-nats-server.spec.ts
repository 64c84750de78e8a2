import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { type NatsIntake } from '../src/nats/nats-intake';
import { type NatsLink, type NatsSession } from '../src/nats/nats-link';
import { NatsPublisher } from '../src/nats/nats-publisher';
import { NatsServer } from './nats-server';

const PUBLICATIONS = 3_000;

/** What may be left of one in memory, in bytes: the noise of the measurement. */
const NOISE = 1_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('publishes for as long as a connection lasts without keeping anything of it in memory', async () => {
  const server = await NatsServer.prepare('core');
  await server.start();
  const connection = await connect({ servers: server.url.replace('nats://', '') });
  const session: NatsSession = { connection, stream: undefined, publishFrom: 0, end: new AbortController().signal };
  const arrivals = { among: () => Promise.resolve(new Set<string>()) };
  const publisher = new NatsPublisher({ session } as NatsLink, arrivals as unknown as NatsIntake);
  const { signal } = new AbortController();
  const usedAfter = async (publications: number): Promise<number> => {
    for (let count = 0; count < publications; count++) await publisher.publish([], signal);
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  try {
    const before = await usedAfter(PUBLICATIONS / 10);
    expect(((await usedAfter(PUBLICATIONS)) - before) / PUBLICATIONS).toBeLessThan(NOISE);
  } finally {
    await connection.close();
    await server.remove();
  }
});
