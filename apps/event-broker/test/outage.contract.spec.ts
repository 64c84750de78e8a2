import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './broker';
import { DeliveryBed } from './delivery-bed';
import { type Receiver } from './receiver';

let bed: DeliveryBed;
let receiver: Receiver;

beforeEach(async () => {
  bed = await DeliveryBed.start();
  receiver = await bed.receiver();
});

afterEach(() => bed.stop());

const contextsOf = ({ delivered }: Receiver): string[] => delivered.map(({ event }) => String(event['shkeptncontext']));

describe('a receiver that fails at some events only', () => {
  let isRepaired: boolean;

  beforeEach(() => {
    isRepaired = false;
    receiver.answer = ({ event }) => (String(event['shkeptncontext']).startsWith('stuck') && !isRepaired ? 500 : 200);
  });

  it.each([1, 4])(
    'gets those of other contexts that come after it has failed again and again at %i of them',
    async (stuckContexts) => {
      await bed.broker(`a=${receiver.url}`);
      const stuck = bed.append(stuckContexts * 3, (index) => ({ shkeptncontext: `stuck ${index % stuckContexts}` }));
      await receiver.until(() => receiver.delivered.length === 5 * stuckContexts);
      const free = bed.append(20, (index) => ({ shkeptncontext: `free ${index}` }));
      await receiver.until(() => free.every((id) => receiver.ids.includes(id)));
      expect(receiver.ids).not.toContain(stuck.at(-1));
      isRepaired = true;
      receiver.delivered.length = 0;
      await receiver.until(() => receiver.delivered.length === stuck.length);
      for (const context of new Set(contextsOf(receiver))) {
        const ids = receiver.ids.filter((_, index) => contextsOf(receiver)[index] === context);
        expect(ids).toEqual(stuck.filter((id) => ids.includes(id)));
      }
    },
  );

  it('gets those of other contexts when more than half of what may wait belongs to a context that it fails at', async () => {
    await bed.broker(`a=${receiver.url}`);
    bed.append(200, () => ({ shkeptncontext: 'stuck' }));
    const free = bed.append(300, (index) => ({ shkeptncontext: `free ${index}` }));
    await receiver.until(() => free.every((id) => receiver.ids.includes(id)));
  });

  it('gets what comes before such an event in a batch', async () => {
    receiver.answerBatch = (events) => (events.some(({ event }) => event['type'] === 'poison') ? 500 : 200);
    receiver.answer = ({ event }) => (event['type'] === 'poison' ? 500 : 200);
    const ids = bed.append(4, (index) => ({ shkeptncontext: 'c', type: index === 2 ? 'poison' : 'other' }));
    await bed.broker(`a=${receiver.url};from=beginning`);
    await receiver.until(() => receiver.ids.filter((id) => id === ids[2]).length === 2);
    expect(receiver.ids.slice(0, 2)).toEqual(ids.slice(0, 2));
  });
});

describe('a receiver that is down', () => {
  let isBack: boolean;

  beforeEach(() => {
    isBack = false;
    receiver.answer = () => (isBack ? 200 : 503);
  });

  it('is asked ever less, and gets all that it has missed when it is back', async () => {
    await bed.broker(`a=${receiver.url}`);
    const changes = (index: number) => ({ shkeptncontext: `${index % 300}` });
    const ids = bed.append(3, changes);
    await receiver.until(() => receiver.delivered.length === 3);
    const startedAt = performance.now();
    ids.push(...bed.append(597, (index) => changes(index + 3)));
    await receiver.until(() => receiver.delivered.length === 6);
    // The pauses are 100, 200 and 400 ms long, of which chance takes half at most.
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    isBack = true;
    receiver.delivered.length = 0;
    await receiver.until(() => receiver.delivered.length === ids.length);
    expect(new Set(receiver.ids)).toEqual(new Set(ids));
    for (let context = 0; context < 300; context++) {
      const ofContext = receiver.ids.filter((_, index) => contextsOf(receiver)[index] === String(context));
      expect(ofContext).toEqual([ids[context], ids[context + 300]]);
    }
  });

  it('misses nothing that was given back to the log while the next page was read', async () => {
    const ids = bed.append(200, (index) => ({ shkeptncontext: `${index}` }));
    bed.append(10, () => ({ type: 'sh.keptn.event.other' }));
    bed.log.holdPage = (after) =>
      after === 200 ? receiver.until(() => receiver.delivered.length > 8) : Promise.resolve();
    await bed.broker(`a=${receiver.url};types=sh.keptn.event.configuration.change;from=beginning`);
    await receiver.until(() => receiver.delivered.length > 8);
    isBack = true;
    receiver.delivered.length = 0;
    ids.push(...bed.append(1));
    await receiver.until(() => receiver.ids.includes(ids[200]));
    await receiver.until(() => receiver.delivered.length >= ids.length);
    expect(new Set(receiver.ids)).toEqual(new Set(ids));
  });

  it('is listed as having got what it failed at, although a crash came before the saving of its position', async () => {
    const [id] = bed.append(1);
    let broker = await bed.broker(`a=${receiver.url};from=beginning`);
    const outcomes = async (): Promise<unknown[]> => {
      const { json } = await broker.call('GET', `/v1/deliveries?eventId=${id}`);
      return (json['deliveries'] as { outcome: string }[]).map(({ outcome }) => outcome);
    };
    await until(async () => (await outcomes())[0] === 'retrying');
    await broker.stop();
    const database = await mongoose.createConnection(bed.database).asPromise();
    const { modifiedCount } = await database
      .collection<{ _id: string }>('subscriptions')
      .updateOne({ _id: 'a' }, { $set: { position: 0, open: [] } });
    expect(modifiedCount).toBe(1);
    await database.close();
    isBack = true;
    broker = await bed.broker(`a=${receiver.url};from=beginning`);
    await until(async () => (await outcomes())[0] === 'delivered');
    expect(await outcomes()).toEqual(['delivered']);
  });
});

describe('a receiver of large events', () => {
  it('has no more of them read from the log than fit into memory', async () => {
    const pages: number[] = [];
    bed.log.holdPage = (after) => {
      pages.push(after);
      return Promise.resolve();
    };
    const ids = bed.append(20, () => ({ data: { text: 'x'.repeat(1024 * 1024) } }));
    await bed.broker(`a=${receiver.url};strict;from=beginning`);
    await receiver.until(() => receiver.delivered.length === ids.length);
    expect(receiver.ids).toEqual(ids);
    const taken = pages.map((after, index) => (pages[index + 1] ?? ids.length) - after);
    expect(Math.max(...taken)).toBe(8);
  });
});

describe('a log whose stream is interrupted', () => {
  it('has no event delivered twice that was read page by page meanwhile', async () => {
    const ids = bed.append(1);
    const broker = await bed.broker('');
    bed.log.isStreaming = false;
    bed.log.cutStreams();
    ids.push(...bed.append(3));
    const subscription = { name: 'a', sink: receiver.url, from: 'beginning' };
    expect((await broker.call('POST', '/v1/subscriptions', subscription)).status).toBe(201);
    await receiver.until(() => receiver.ids.includes(ids[3]));
    bed.log.isStreaming = true;
    ids.push(...bed.append(1));
    await receiver.until(() => receiver.ids.includes(ids[4]));
    expect(receiver.ids).toEqual(ids);
  });
});
