import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryBed } from './delivery-bed';
import { type Receiver } from './receiver';

let bed: DeliveryBed;
let receiver: Receiver;

beforeEach(async () => {
  bed = await DeliveryBed.start();
  receiver = await bed.receiver();
});

afterEach(() => bed.stop());

describe('a receiver that is down', () => {
  let isBack: boolean;

  beforeEach(() => {
    isBack = false;
    receiver.answer = () => (isBack ? 200 : 503);
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
