import { ChannelTickets } from '@keptn/auth';
import { afterEach, describe, expect, it } from 'vitest';
import { anEvent, Datastore, freshDatabase, TOKEN } from './datastore';
import { SubscriberServer } from './subscriber-server';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const aSubscriber = async (port?: number): Promise<SubscriberServer> => {
  const subscriber = await SubscriberServer.start(port);
  cleanups.push(() => subscriber.stop());
  return subscriber;
};

const aDatastore = async (subscribers: readonly string[], databaseUri = freshDatabase()): Promise<Datastore> => {
  const datastore = await Datastore.start({ EVENT_SUBSCRIBERS: subscribers.join(',') }, databaseUri);
  cleanups.push(() => datastore.stop());
  return datastore;
};

const storeSome = async (datastore: Datastore, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const event = anEvent();
    await datastore.store(event);
    ids.push(event.id);
  }
  return ids;
};

describe('delivery', () => {
  it('hands every event to every subscriber, in order, as it is served, with the token', async () => {
    const [one, other] = [await aSubscriber(), await aSubscriber()];
    const datastore = await aDatastore([one.url, ` ${other.url}`]);
    const ids = await storeSome(datastore, 20);
    await one.until(() => one.delivered.length === 20);
    await other.until(() => other.delivered.length === 20);
    expect([one.ids, other.ids]).toEqual([ids, ids]);
    const [first] = one.delivered;
    expect(first).toMatchObject({
      path: '/v1/event',
      event: (await datastore.get(`/event/${ids[0] ?? ''}`)).json,
      headers: {
        'content-type': 'application/cloudevents+json',
        'x-token': TOKEN,
        'x-request-id': expect.stringMatching(/^event-\d+$/),
      },
    });
  });

  it('gives subscribers the ticket for the channel of the context, which the log does not keep', async () => {
    const subscriber = await aSubscriber();
    const datastore = await aDatastore([subscriber.url]);
    const text = 'a text with "eventContext":null in it';
    const data = { text, eventContext: { keptnContext: 'c1', token: 'of the sender' } };
    await datastore.store(anEvent({ shkeptncontext: 'c1', data }));
    await subscriber.until(() => subscriber.delivered.length === 1);
    const delivered = subscriber.delivered[0]?.event['data'] as {
      readonly text: string;
      readonly eventContext: { readonly keptnContext: string; readonly token: string };
    };
    expect(delivered).toEqual({ text, eventContext: { keptnContext: 'c1', token: expect.any(String) } });
    expect(new ChannelTickets(TOKEN).verify(delivered.eventContext.token)).toBe('c1');
    expect((await datastore.get('/event?keptnContext=c1')).json).toMatchObject({
      events: [{ data: { text, eventContext: null } }],
    });
  });

  it('gives a new subscriber the log from its beginning', async () => {
    const database = freshDatabase();
    const before = await aDatastore([], database);
    const ids = await storeSome(before, 5);
    await before.stop();
    const subscriber = await aSubscriber();
    await aDatastore([subscriber.url], database);
    await subscriber.until(() => subscriber.delivered.length === 5);
    expect(subscriber.ids).toEqual(ids);
  });

  it('goes on after a restart where it was', async () => {
    const subscriber = await aSubscriber();
    const database = freshDatabase();
    const before = await aDatastore([subscriber.url], database);
    const first = await storeSome(before, 5);
    await subscriber.until(() => subscriber.delivered.length === 5);
    await before.stop();
    const after = await aDatastore([subscriber.url], database);
    const second = await storeSome(after, 5);
    await subscriber.until(() => subscriber.delivered.length === 10);
    expect(subscriber.ids).toEqual([...first, ...second]);
  });

  it('repeats an event until it is accepted, holding up later ones and no other subscriber', async () => {
    const [failing, healthy] = [await aSubscriber(), await aSubscriber()];
    let refusals = 3;
    failing.answer = () => (refusals-- > 0 ? 503 : 204);
    const datastore = await aDatastore([failing.url, healthy.url]);
    const ids = await storeSome(datastore, 4);
    await healthy.until(() => healthy.delivered.length === 4);
    await failing.until(() => failing.delivered.length === 7);
    expect(failing.ids).toEqual([ids[0], ids[0], ids[0], ...ids]);
    expect(healthy.ids).toEqual(ids);
  });

  it('passes over what a subscriber refuses, but not over a refusal of the token or of the pace', async () => {
    const subscriber = await aSubscriber();
    const answers = [400, 409, 401, 429, 200, 404];
    subscriber.answer = () => answers.shift() ?? 200;
    const datastore = await aDatastore([subscriber.url]);
    const ids = await storeSome(datastore, 5);
    await subscriber.until(() => subscriber.ids.includes(ids[4]));
    expect(subscriber.ids).toEqual([ids[0], ids[1], ids[2], ids[2], ids[2], ids[3], ids[4]]);
  });

  it('hands over together what waits, as a batch of CloudEvents', async () => {
    const subscriber = await aSubscriber();
    const sizes: number[] = [];
    subscriber.answerBatch = (events) => {
      sizes.push(events.length);
      return sizes.length === 1 ? 503 : 200;
    };
    const database = freshDatabase();
    const before = await aDatastore([], database);
    const ids = await storeSome(before, 8);
    await before.stop();
    await aDatastore([subscriber.url], database);
    await subscriber.until(() => subscriber.delivered.length === 8);
    expect([sizes, subscriber.ids]).toEqual([[8, 8], ids]);
    expect(subscriber.delivered[0]?.headers['content-type']).toBe('application/cloudevents-batch+json');
  });

  it('passes over one event of a batch that is refused, and over no other', async () => {
    const subscriber = await aSubscriber();
    const batches: number[] = [];
    subscriber.answerBatch = (events) => {
      batches.push(events.length);
      return 400;
    };
    const answers = [200, 400, 503, 200];
    subscriber.answer = () => answers.shift() ?? 200;
    const database = freshDatabase();
    const before = await aDatastore([], database);
    const ids = await storeSome(before, 4);
    await before.stop();
    await aDatastore([subscriber.url], database);
    await subscriber.until(() => subscriber.ids.includes(ids[3]));
    expect(batches).toEqual([4]);
    expect(subscriber.ids).toEqual([ids[0], ids[1], ids[2], ids[2], ids[3]]);
  });

  it('waits for a subscriber that is down', async () => {
    const gone = await SubscriberServer.start();
    const { port, url } = gone;
    await gone.stop();
    const datastore = await aDatastore([url]);
    const ids = await storeSome(datastore, 3);
    const back = await aSubscriber(port);
    await back.until(() => back.delivered.length === 3);
    expect(back.ids).toEqual(ids);
  });

  it('is done by one of several replicas, and taken over from one that stops', async () => {
    const subscriber = await aSubscriber();
    const database = freshDatabase();
    const replicas = [await aDatastore([subscriber.url], database), await aDatastore([subscriber.url], database)];
    const [one, other] = replicas as [Datastore, Datastore];
    const writing = await Promise.all([storeSome(one, 30), storeSome(other, 30)]);
    await subscriber.until(() => subscriber.delivered.length >= 60);
    await one.stop();
    const more = await storeSome(other, 5);
    await subscriber.until(() => subscriber.ids.includes(more[4]));
    expect(subscriber.delivered).toHaveLength(65);
    expect(new Set(subscriber.ids)).toEqual(new Set([...writing.flat(), ...more]));
    const sequences = (await Promise.all(
      subscriber.ids.map(async (id) => (await other.post(anEvent({ id }))).json),
    )) as { sequence: number }[];
    const order = sequences.map(({ sequence }) => sequence);
    expect(order).toEqual(order.toSorted((first, second) => first - second));
  });

  it('keeps the order while many write', async () => {
    const subscriber = await aSubscriber();
    const datastore = await aDatastore([subscriber.url]);
    const stored = await Promise.all(Array.from({ length: 150 }, () => datastore.store(anEvent())));
    await subscriber.until(() => subscriber.delivered.length === 150);
    const inOrder = stored.toSorted((one, other) => one.sequence - other.sequence).map(({ id }) => id);
    expect(subscriber.ids).toEqual(inOrder);
  });

  it('finishes the event on its way when the service stops, and starts no other', async () => {
    const subscriber = await aSubscriber();
    let release: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      subscriber.answer = () =>
        new Promise((answer) => {
          release = () => {
            answer(200);
          };
          resolve();
        });
    });
    const database = freshDatabase();
    const datastore = await aDatastore([subscriber.url], database);
    const ids = await storeSome(datastore, 3);
    await begun;
    const stopped = datastore.stop();
    release();
    await stopped;
    expect(subscriber.ids).toEqual(ids.slice(0, 1));
    subscriber.answer = () => 200;
    await aDatastore([subscriber.url], database);
    await subscriber.until(() => subscriber.delivered.length === 3);
    expect(subscriber.ids).toEqual(ids);
  });
});
