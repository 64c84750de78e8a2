import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ChannelTickets } from '@keptn/auth';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Broker, freshDatabase, TOKEN, until } from './broker';
import { LogStandIn } from './log-stand-in';
import { NatsServer } from './nats-server';

interface Published {
  readonly subject: string;
  readonly text: string;
  readonly id: unknown;
  readonly sequence: string | undefined;
}

/** A client of NATS beside event-broker, that sees what is published. */
class Bystander {
  readonly seen: Published[] = [];

  private constructor(readonly connection: NatsConnection) {
    for (const subjects of ['sh.>', 'com.>']) {
      connection.subscribe(subjects, {
        callback: (_error, message) => {
          const text = message.string();
          if (!text.startsWith('{')) return;
          const { id } = JSON.parse(text) as { id?: unknown };
          this.seen.push({ subject: message.subject, text, id, sequence: message.headers?.get('Keptn-Sequence') });
        },
      });
    }
  }

  static async join(url: string): Promise<Bystander> {
    const bystander = new Bystander(await connect({ servers: url.replace('nats://', '') }));
    await bystander.connection.flush();
    return bystander;
  }

  get ids(): unknown[] {
    return this.seen.map(({ id }) => id);
  }

  count(id: string): number {
    return this.ids.filter((each) => each === id).length;
  }

  untilSeen(id: string): Promise<void> {
    return until(() => this.ids.includes(id));
  }

  publish(event: Readonly<Record<string, unknown>>): void {
    this.connection.publish(String(event['type']), JSON.stringify(event));
  }
}

/** A delivery. */
interface Listed {
  readonly eventId: string;
  readonly sequence: number;
  readonly attempts: readonly { readonly at: string; readonly error?: string }[];
}

const MODES = ['jetstream', 'core'] as const;

describe.each(MODES)('a NATS server (%s)', (mode) => {
  let server: NatsServer;
  let log: LogStandIn;
  let broker: Broker;
  let bystander: Bystander;
  const database = freshDatabase();

  const startBroker = (): Promise<Broker> =>
    Broker.start({
      MONGODB_URI: database,
      MONGODB_DATASTORE_URL: log.url,
      NATS_URL: server.url,
      // Long enough for the bystander to come back as well, on a busy machine.
      NATS_RECONNECT_PAUSE_MS: '3000',
    });
  const append = (changes: Readonly<Record<string, unknown>> = {}): string => {
    const event = anEvent(changes);
    log.append(event);
    return event.id;
  };
  /** What was published before is seen, too. */
  const untilPublished = async (): Promise<void> => bystander.untilSeen(append());
  const stored = (id: string): number =>
    log.events.filter((text) => (JSON.parse(text) as { id: string }).id === id).length;
  const subscription = async (): Promise<Readonly<Record<string, unknown>>> =>
    (await broker.call('GET', '/v1/subscriptions/nats')).json;
  /** Deliveries are listed a moment after they were made. */
  const listed = async (query: string, count: number): Promise<readonly Listed[]> => {
    let deliveries: readonly Listed[] = [];
    await until(async () => {
      const { json } = await broker.call('GET', `/v1/deliveries?subscription=nats&${query}`);
      deliveries = json['deliveries'] as typeof deliveries;
      return deliveries.length >= count;
    });
    return deliveries;
  };
  /** The value of a metric, undefined while there is none with these labels. */
  const metric = async (name: string, ...labels: readonly string[]): Promise<number | undefined> => {
    const lines = (await broker.call('GET', '/metrics')).text.split('\n');
    const line = lines.find((each) => each.startsWith(name) && labels.every((label) => each.includes(label)));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  beforeAll(async () => {
    [server, log] = await Promise.all([NatsServer.prepare(mode), LogStandIn.start()]);
    broker = await startBroker();
  });

  afterAll(async () => {
    await bystander.connection.close();
    await broker.stop();
    await Promise.all([log.stop(), server.remove()]);
  });

  it('that is not there yet leaves the service ready, which says so and catches up', async () => {
    const id = append();
    await until(async () => (await subscription())['lastError'] === 'NATS is not connected');
    expect((await broker.call('GET', '/ready')).status).toBe(200);
    expect(await metric('broker_nats_connected')).toBe(0);
    await server.start();
    bystander = await Bystander.join(server.url);
    await bystander.untilSeen(id);
    expect(await metric('broker_nats_connected')).toBe(1);
    expect(await subscription()).toMatchObject({
      origin: 'declared',
      sink: server.url,
      protocolSettings: { order: 'strict' },
    });
  });

  it('gets every event of the log in order: subject its type, payload as it is stored', async () => {
    const events = Array.from({ length: 40 }, (_, index) =>
      anEvent({ specversion: ['0.2', '0.3', '1.0'][index % 3], type: `sh.keptn.event.kind-${index % 5}.triggered` }),
    );
    const foreign = anEvent({ type: 'com.example.build-finished' });
    for (const event of [...events, foreign]) log.append(event);
    await bystander.untilSeen(foreign.id);
    const seen = bystander.seen.slice(-41);
    expect(seen.map(({ text }) => text)).toEqual([...events, foreign].map((event) => JSON.stringify(event)));
    expect(seen.map(({ subject }) => subject)).toEqual([...events, foreign].map(({ type }) => type));
    expect(seen.map(({ sequence }) => sequence)).toEqual(
      seen.map((_, index) => String(log.events.length - 40 + index)),
    );
  });

  it('gets a ticket for the channel of the context where the log has an emptied one', async () => {
    const type = 'sh.keptn.internal.event.service.create';
    const id = append({ type, shkeptncontext: 'c1', data: { project: 'p', eventContext: null } });
    await bystander.untilSeen(id);
    const { data } = JSON.parse(bystander.seen.at(-1)?.text ?? '') as { data: { eventContext: { token: string } } };
    expect(data.eventContext).toMatchObject({ keptnContext: 'c1' });
    expect(new ChannelTickets(TOKEN).verify(data.eventContext.token)).toMatchObject({ keptnContext: 'c1' });
  });

  it('gets no type that is no subject, no message of a channel and nothing above max_payload; that is listed and counted', async () => {
    const refused = [
      append({ type: 'sh keptn' }),
      append({ type: 'sh.keptn.>' }),
      append({ type: '$JS.API.STREAM.DELETE.keptn' }),
      append({ type: 'sh.keptn.events.log' }),
      append({ data: { chart: 'x'.repeat(1024 * 1024) } }),
    ];
    await untilPublished();
    expect(refused.map((id) => bystander.count(id))).toEqual([0, 0, 0, 0, 0]);
    await until(
      async () => (await metric('broker_deliveries_total', 'subscription="nats"', 'outcome="refused"')) === 5,
    );
    const deliveries = await listed('outcome=refused', refused.length);
    expect(deliveries.map(({ eventId }) => eventId)).toEqual([...refused].reverse());
    expect(deliveries[0]?.attempts[0]?.error).toContain('max_payload');
  });

  it.each(['0.2', '0.3', '1.0'])(
    'hands in what others publish, CloudEvents %s: once, and it is not sent out again',
    async (specversion) => {
      const event = anEvent({
        specversion,
        ...(specversion === '0.2' && { datacontenttype: undefined, contenttype: 'application/json' }),
      });
      bystander.publish(event);
      await until(() => stored(event.id) > 0);
      bystander.publish(event);
      await untilPublished();
      // What is published by the log comes behind it in the log's order.
      await untilPublished();
      expect([stored(event.id), bystander.count(event.id)]).toEqual([1, 2]);
      expect(JSON.parse(log.events.find((text) => text.includes(event.id)) ?? '')).toMatchObject(
        JSON.parse(JSON.stringify(event)),
      );
    },
  );

  it('may hold messages that are no events; those behind them come in', async () => {
    bystander.connection.publish('sh.keptn.event.broken', 'no JSON');
    bystander.connection.publish('sh.keptn.event.broken', JSON.stringify({ ...anEvent(), id: undefined }));
    const event = anEvent();
    bystander.publish(event);
    await until(() => stored(event.id) === 1);
    // The stream hands over each message once more.
    const received = mode === 'jetstream' ? 4 : 2;
    await until(async () => (await metric('broker_nats_received_total', 'outcome="invalid"')) === received);
  });

  it('loses no event to another one with its id: it is stored under an id of its own, once', async () => {
    const event = anEvent();
    bystander.publish(event);
    await until(() => stored(event.id) === 1);
    const other = { ...event, data: { project: 'another' } };
    bystander.publish(other);
    bystander.publish(other);
    const others = (): string[] => log.events.filter((text) => text.includes(`"sentid":"${event.id}"`));
    await until(() => others().length > 0);
    await untilPublished();
    expect(others()).toHaveLength(1);
    expect(bystander.count((JSON.parse(others()[0] ?? '') as { id: string }).id)).toBe(0);
  });

  it('doubles nothing between the broker and the distributor of Keptn 0.7 of mongodb-datastore', async () => {
    const distributor = bystander.connection.subscribe('sh.keptn.>', {
      callback: (_error, message) => {
        void fetch(`${log.url}/event`, { method: 'POST', body: message.data });
      },
    });
    const originalBroker = await originalEventBroker(bystander);
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const id of ids) await fetch(originalBroker.url, { method: 'POST', body: JSON.stringify(anEvent({ id })) });
    await until(() => ids.every((id) => stored(id) > 0));
    await untilPublished();
    await untilPublished();
    expect(ids.map((id) => [bystander.count(id), stored(id)])).toEqual(ids.map(() => [1, 1]));
    distributor.unsubscribe();
    await originalBroker.stop();
  });

  it('that is killed gets what it has missed, in order', async () => {
    await untilPublished();
    const killedAt = new Date().toISOString();
    await server.kill();
    const ids = Array.from({ length: 300 }, () => append());
    await until(async () => (await subscription())['lastError'] === 'NATS is not connected');
    expect((await broker.call('GET', '/ready')).status).toBe(200);
    await bystander.connection.close();
    await server.start();
    bystander = await Bystander.join(server.url);
    await bystander.untilSeen(ids.at(-1) ?? '');
    expect([...new Set(bystander.ids)]).toEqual(ids);
    // Of the event that all others wait for, which is one of before when that was not confirmed yet.
    let delivery: Listed | undefined;
    await until(async () => {
      const deliveries = await listed('outcome=delivered', 1);
      delivery = deliveries.find(({ attempts }) => (attempts.at(-1)?.at ?? '') > killedAt);
      return delivery !== undefined;
    });
    // The first attempt may have been on its way when the server ended.
    expect(delivery?.attempts[0]?.error).toMatch(/^(?:NATS is not connected|the connection to NATS has ended)$/);
  });

  if (mode === 'jetstream') {
    it('keeps all of it in the stream `keptn`, each event once', async () => {
      await untilPublished();
      const manager = await jetstreamManager(bystander.connection);
      const { config, state } = await manager.streams.info('keptn', { subjects_filter: '>' });
      expect(config).toMatchObject({ name: 'keptn', subjects: ['sh.keptn.>'] });
      const last = await manager.streams.getMessage('keptn', { seq: state.last_seq });
      expect(last?.header.get('Nats-Msg-Id')).toMatch(/^[\w-]{43}$/);
      const known = jetstream(bystander.connection);
      const repeated = await known.publish('sh.keptn.event.repeated', '{}', {
        msgID: last?.header.get('Nats-Msg-Id') ?? '',
      });
      expect(repeated.duplicate).toBe(true);
    });

    it('keeps for event-broker what is published while it is away', async () => {
      await broker.stop();
      const event = anEvent();
      await jetstream(bystander.connection).publish(String(event['type']), JSON.stringify(event));
      broker = await startBroker();
      await until(() => stored(event.id) > 0);
      await untilPublished();
      expect([stored(event.id), bystander.count(event.id)]).toEqual([1, 1]);
    });
  }

  it('gets nothing twice, and nothing is left out, when event-broker starts again', async () => {
    await untilPublished();
    const before = anEvent();
    bystander.publish(before);
    await until(() => stored(before.id) === 1);
    await broker.stop();
    const missed = append();
    broker = await startBroker();
    await bystander.untilSeen(missed);
    await untilPublished();
    expect([bystander.count(before.id), bystander.count(missed)]).toEqual([1, 1]);
  });
});

describe('a NATS server that has come back', () => {
  it('gets nothing until its other clients had time to come back as well; a first connection waits for nobody', async () => {
    const [server, log] = await Promise.all([NatsServer.prepare('core'), LogStandIn.start()]);
    await server.start();
    const broker = await Broker.start({
      MONGODB_URI: freshDatabase(),
      MONGODB_DATASTORE_URL: log.url,
      NATS_URL: server.url,
      NATS_RECONNECT_PAUSE_MS: '120000',
    });
    const lastError = async () => (await broker.call('GET', '/v1/subscriptions/nats')).json['lastError'];
    try {
      const early = await Bystander.join(server.url);
      const first = anEvent();
      log.append(first);
      await early.untilSeen(first.id);
      await early.connection.close();
      await server.kill();
      await server.start();
      const late = await Bystander.join(server.url);
      log.append(anEvent());
      await until(async () => (await lastError()) === 'NATS is back; its other clients are waited for');
      await late.connection.flush();
      expect(late.seen).toEqual([]);
      await late.connection.close();
    } finally {
      await broker.stop();
      await Promise.all([log.stop(), server.remove()]);
    }
  });
});

/** As contract section 1.1 has it: any POST is published on the subject of its type. */
async function originalEventBroker(publisher: Bystander): Promise<{ url: string; stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    void (async () => {
      publisher.publish(JSON.parse((await request.setEncoding('utf8').toArray()).join('')) as Record<string, unknown>);
      response.writeHead(202).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keptn`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
