import { ChannelTickets } from '@keptn/auth';
import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, TOKEN, until } from './broker';
import { DeliveryBed } from './delivery-bed';
import { Receiver } from './receiver';

let bed: DeliveryBed;

beforeEach(async () => {
  bed = await DeliveryBed.start();
});

afterEach(() => bed.stop());

describe('delivery to a service of the control plane', () => {
  it('hands over every event as it is stored, in order, with the token and a ticket for its channel', async () => {
    const [strict, other] = [await bed.receiver(), await bed.receiver()];
    await bed.broker(`strict=${strict.url};strict, other=${other.url};types=sh.keptn.event.approval.>`);
    const ids = bed.append(20);
    const data = { text: 'with "eventContext":null in it,\u2028in two lines', eventContext: null };
    bed.log.append(anEvent({ type: 'sh.keptn.event.approval.triggered', shkeptncontext: 'c1', data }));
    await strict.until(() => strict.delivered.length === 21);
    await other.until(() => other.delivered.length === 1);
    expect(strict.ids.slice(0, 20)).toEqual(ids);
    expect(strict.delivered[0]).toMatchObject({ path: '/v1/event', headers: { 'x-token': TOKEN } });
    const delivered = other.delivered[0]?.event['data'] as { text: string; eventContext: { token: string } };
    expect(delivered.text).toBe(data.text);
    expect(new ChannelTickets(TOKEN).verify(delivered.eventContext.token)).toMatchObject({ keptnContext: 'c1' });
  });

  it('collects events after a request where the subscription says so: until their time is over, or they fill a request', async () => {
    const [patient, brisk] = [await bed.receiver(), await bed.receiver()];
    const batches: number[] = [];
    patient.answerBatch = (events) => {
      batches.push(events.length);
      return 200;
    };
    await bed.broker(`patient=${patient.url};strict;collect=9999ms,brisk=${brisk.url};strict;collect=20ms`);
    bed.append(1);
    await patient.until(() => patient.delivered.length === 1);
    bed.append(150);
    await brisk.until(() => brisk.delivered.length === 151);
    expect(patient.delivered).toHaveLength(1);
    bed.append(50);
    await patient.until(() => patient.delivered.length === 201);
    expect(batches).toEqual([200]);
    await brisk.until(() => brisk.delivered.length === 201);
  });

  it('hands over together what came together, from the first event on', async () => {
    const receiver = await bed.receiver();
    const batches: number[] = [];
    receiver.answerBatch = (events) => {
      batches.push(events.length);
      return 200;
    };
    bed.append(3, () => ({ shkeptncontext: 'one' }));
    await bed.broker(`a=${receiver.url};from=beginning`);
    await receiver.until(() => receiver.delivered.length === 3);
    expect(batches).toEqual([3]);
  });

  it('gives a new one only what comes, unless it is to begin at the beginning', async () => {
    bed.append(3);
    const [fromEnd, fromBeginning] = [await bed.receiver(), await bed.receiver()];
    await bed.broker(`a=${fromEnd.url};strict,b=${fromBeginning.url};strict;from=beginning`);
    const [id] = bed.append(1);
    await fromEnd.until(() => fromEnd.delivered.length > 0);
    await fromBeginning.until(() => fromBeginning.delivered.length === 4);
    expect(fromEnd.ids).toEqual([id]);
  });

  it('leaves out events without a field that the subscription says they must have', async () => {
    const receiver = await bed.receiver();
    await bed.broker(`view=${receiver.url};strict;fields=project|stage`);
    for (const data of [{}, { project: 'p' }, { project: 'p', stage: '' }, { project: 'p', stage: null }])
      bed.log.append(anEvent({ data }));
    const [last] = bed.append(1, () => ({ data: { project: 'p', stage: 'dev' } }));
    await receiver.until(() => receiver.delivered.length > 0);
    expect(receiver.ids).toEqual([last]);
  });

  it('leaves out imported events and those that are too old, unless the subscription says otherwise', async () => {
    const [plain, all, recent] = [await bed.receiver(), await bed.receiver(), await bed.receiver()];
    await bed.broker(`plain=${plain.url};strict,all=${all.url};strict;imported,recent=${recent.url};strict;max-age=7d`);
    const [imported] = bed.append(1, () => ({ importtime: '2026-01-31T10:15:30Z' }));
    const [old] = bed.append(1, () => ({ time: new Date(Date.now() - 8 * 86_400_000).toISOString() }));
    const [last] = bed.append(1, () => ({ time: new Date().toISOString() }));
    for (const receiver of [plain, all, recent]) await receiver.until(() => receiver.ids.at(-1) === last);
    expect(plain.ids).toEqual([old, last]);
    expect(all.ids).toEqual([imported, old, last]);
    expect(recent.ids).toEqual([last]);
  });

  it('repeats an event until it is accepted, and delays no other subscription', async () => {
    const [failing, healthy] = [await bed.receiver(), await bed.receiver()];
    const answers = [503, 401, 429, 500];
    failing.answer = () => answers.shift() ?? 200;
    await bed.broker(`failing=${failing.url};strict,healthy=${healthy.url};strict`);
    const ids = bed.append(3);
    await healthy.until(() => healthy.ids.at(-1) === ids[2]);
    await failing.until(() => failing.ids.at(-1) === ids[2]);
    expect(failing.ids).toEqual([ids[0], ids[0], ids[0], ids[0], ...ids]);
  });

  it('sends batches again after one that was refused for one of its events', async () => {
    const receiver = await bed.receiver();
    const batches: number[] = [];
    receiver.answerBatch = (events) => {
      batches.push(events.length);
      return events.some(({ event }) => event['id'] === ids[3]) ? 400 : 200;
    };
    receiver.answer = ({ event }) => (event['id'] === ids[3] ? 400 : 200);
    const ids = bed.append(250);
    await bed.broker(`a=${receiver.url};strict;from=beginning`);
    await receiver.until(() => receiver.ids.at(-1) === ids[249]);
    expect(receiver.ids).toEqual(ids);
    expect(batches).toHaveLength(2);
    expect(batches[1]).toBeGreaterThan(1);
  });

  it('skips what it refuses, and sends no batches while they are refused', async () => {
    const receiver = await bed.receiver();
    let batches = 0;
    receiver.answerBatch = () => {
      batches++;
      return 400;
    };
    const answers = [200, 404, 409];
    receiver.answer = () => answers.shift() ?? 200;
    const ids = bed.append(6);
    await bed.broker(`a=${receiver.url};strict;from=beginning`);
    await receiver.until(() => receiver.ids.length === 6);
    expect(receiver.ids).toEqual(ids);
    expect(batches).toBeLessThanOrEqual(1);
  });

  it('delivers one Keptn context in order and no other behind it', async () => {
    const receiver = await bed.receiver();
    let isStuck = true;
    receiver.answerBatch = () => 415;
    receiver.answer = ({ event }) => (event['shkeptncontext'] === 'stuck' && isStuck ? 500 : 200);
    await bed.broker(`a=${receiver.url}`);
    const ids = bed.append(6, (index) => ({ shkeptncontext: index % 2 === 0 ? 'stuck' : `free ${index}` }));
    const free = ids.filter((_, index) => index % 2 === 1);
    await receiver.until(() => free.every((id) => receiver.ids.includes(id)));
    expect(receiver.ids).not.toContain(ids[2]);
    isStuck = false;
    await receiver.until(() => receiver.ids.includes(ids[4]));
    const stuck = receiver.ids.filter((id) => id !== ids[0] && !free.includes(String(id)));
    expect(stuck).toEqual([ids[2], ids[4]]);
  });

  it('goes on after a restart where it was, also with what had failed', async () => {
    const receiver = await bed.receiver();
    receiver.answerBatch = () => 415;
    receiver.answer = ({ event }) => (event['shkeptncontext'] === 'stuck' ? 500 : 200);
    const before = await bed.broker(`a=${receiver.url}`);
    const [stuck] = bed.append(1, () => ({ shkeptncontext: 'stuck' }));
    const first = bed.append(3, (index) => ({ shkeptncontext: `free ${index}` }));
    await receiver.until(() => first.every((id) => receiver.ids.includes(id)));
    await before.stop();
    const second = bed.append(2);
    receiver.delivered.length = 0;
    receiver.answer = () => 200;
    await bed.broker(`a=${receiver.url}`);
    await receiver.until(() => receiver.delivered.length === 3);
    expect(new Set(receiver.ids)).toEqual(new Set([stuck, ...second]));
  });

  it('waits for a receiver that is down, and for a log that is', async () => {
    const gone = await Receiver.start();
    const { port, url } = gone;
    await gone.stop();
    await bed.broker(`a=${url};strict`);
    const ids = bed.append(400);
    bed.log.cutStreams();
    ids.push(...bed.append(10));
    const back = await bed.receiver(port);
    back.answerBatch = () => 200;
    await back.until(() => back.delivered.length === 410);
    expect(back.ids).toEqual(ids);
  });

  it('is done by one of several replicas, and taken over from one that stops', async () => {
    const receiver = await bed.receiver();
    receiver.answerBatch = () => 200;
    const declared = `a=${receiver.url};strict`;
    const one = await bed.broker(declared);
    await bed.broker(declared);
    const ids = bed.append(30);
    await receiver.until(() => receiver.delivered.length >= 30);
    await one.stop();
    ids.push(...bed.append(5));
    await receiver.until(() => receiver.ids.includes(ids[34]));
    expect(receiver.ids).toEqual(ids);
  });

  it('is done at once by the only replica, however long the lease of one before it lasts', async () => {
    const receiver = await bed.receiver();
    receiver.answerBatch = () => 200;
    const connection = await mongoose.createConnection(bed.database).asPromise();
    const leases = connection.collection<{ _id: string; owner: string; leasedUntil: Date }>('distribution');
    await leases.insertOne({ _id: 'lease', owner: 'one that was killed', leasedUntil: new Date('2999-01-01') });
    await connection.close();
    await bed.broker(`a=${receiver.url};strict`, { ONLY_REPLICA: 'true' });
    const ids = bed.append(3);
    await receiver.until(() => receiver.delivered.length === 3);
    expect(receiver.ids).toEqual(ids);
  });

  it('tells the log what it may forget', async () => {
    const receiver = await bed.receiver();
    let isAway = true;
    receiver.answer = () => (isAway ? 503 : 200);
    await bed.broker(`a=${receiver.url};strict`);
    bed.append(3);
    await receiver.until(() => receiver.delivered.length > 0);
    await until(() => bed.log.announced !== undefined);
    expect(bed.log.announced).toBe(0);
    isAway = false;
    await until(() => bed.log.announced === 3);
  });

  it('goes on where the event log of the version before had come to', async () => {
    const receiver = await bed.receiver();
    const connection = await mongoose.createConnection(bed.database).asPromise();
    const ids = bed.append(5);
    const cursors = connection.collection<{ _id: string; position: number; leasedUntil: Date }>('logCursors');
    await cursors.insertOne({ _id: `subscriber ${receiver.url}`, position: 3, leasedUntil: new Date(0) });
    await cursors.insertOne({ _id: 'subscriber http://127.0.0.1:1/', position: 5, leasedUntil: new Date(0) });
    await connection.close();
    await bed.broker(`a=${receiver.url};strict;from=beginning`, {
      EVENT_SUBSCRIBERS: `http://127.0.0.1:1/,${receiver.url}`,
    });
    await receiver.until(() => receiver.delivered.length === 2);
    expect(receiver.ids).toEqual(ids.slice(3));
  });
});

describe('a list of deliveries', () => {
  it('goes on at the next page where the one before has ended, within an event too', async () => {
    const [receiver, broker] = [await bed.receiver(), await bed.broker('')];
    for (const name of ['a', 'b', 'c']) {
      expect((await broker.call('POST', '/v1/subscriptions', { name, sink: receiver.url })).status).toBe(201);
    }
    bed.append(2);
    const page = async (query: string): Promise<{ readonly listed: string[]; readonly next: string }> => {
      const { json } = await broker.call('GET', `/v1/deliveries?${query}`);
      const deliveries = json['deliveries'] as { sequence: number; subscription: string }[];
      return {
        listed: deliveries.map(({ sequence, subscription }) => `${sequence}${subscription}`),
        next: String(json['nextPageKey']),
      };
    };
    await until(async () => (await page('')).listed.length === 6);
    const first = await page('pageSize=4');
    const last = await page(`pageSize=4&nextPageKey=${first.next}`);
    expect([first.listed, last.listed]).toEqual([
      ['2c', '2b', '2a', '1c'],
      ['1b', '1a'],
    ]);
    expect(last.next).toBe('0');
    // Older clients have the number of an event as their key.
    expect((await page('nextPageKey=2')).listed).toEqual(['1c', '1b', '1a']);
    expect((await broker.call('GET', '/v1/deliveries?nextPageKey=a')).json).toMatchObject({
      code: 400,
      message: 'nextPageKey in query must be the nextPageKey of the page before',
    });
  });
});

describe('the door', () => {
  it('takes events on any path once the log has them', async () => {
    const broker = await bed.broker('');
    const event = anEvent({ specversion: '0.2' });
    expect((await broker.call('POST', '/keptn', event)).status).toBe(202);
    expect((await broker.call('POST', '/', anEvent())).status).toBe(202);
    const attributes = { 'ce-specversion': '1.0', 'ce-id': 'binary', 'ce-type': 'a.type', 'ce-source': 'a-test' };
    expect((await broker.call('POST', '/event/x', '{"n":1.0}', attributes)).status).toBe(202);
    const batch = { 'content-type': 'application/cloudevents-batch+json' };
    expect((await broker.call('POST', '/', [anEvent(), anEvent()], batch)).status).toBe(202);
    expect(bed.log.events).toHaveLength(5);
    expect(bed.log.events[0]).toContain(event.id);
  });

  it('answers 400 with the reason to what is no event, 404 below its API, 401 without the token, 503 while the log is away', async () => {
    const broker = await bed.broker('');
    const answers = [
      await broker.call('POST', '/keptn', { data: {} }),
      await broker.call('POST', '/keptn', 'no json'),
      await broker.call('POST', '/v1/unknown', anEvent()),
      await broker.call('POST', '/keptn', anEvent(), { 'x-token': 'another-token-of-somebody' }),
    ];
    expect(answers.map(({ status, json }) => [status, json['reason']])).toEqual([
      [400, 'INVALID_EVENT'],
      [400, 'INVALID_JSON'],
      [404, 'NOT_FOUND'],
      [401, 'UNAUTHENTICATED'],
    ]);
    bed.log.isThere = false;
    expect((await broker.call('POST', '/keptn', anEvent())).status).toBe(503);
  });

  it('takes events without a token only inside a trusted network', async () => {
    const broker = await bed.broker('', { TRUSTED_NETWORK: 'true' });
    expect((await broker.call('POST', '/keptn', anEvent(), { 'x-token': '' })).status).toBe(202);
  });
});
