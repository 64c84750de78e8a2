import { afterEach, beforeEach, expect, it } from 'vitest';
import { DeliveryBed } from './delivery-bed';

const PROJECT_DELETE = 'sh.keptn.internal.event.project.delete';

let bed: DeliveryBed;

beforeEach(async () => {
  bed = await DeliveryBed.start();
});

afterEach(() => bed.stop());

it('gives up what waits of a project when it is deleted, and nothing else', async () => {
  const [receiver, witness] = [await bed.receiver(), await bed.receiver()];
  let isDown = true;
  receiver.answer = () => (isDown ? 503 : 200);
  await bed.broker(`a=${receiver.url},witness=${witness.url};types=${PROJECT_DELETE}`);
  const of = (project: string, more: object = {}) => ({ data: { project }, shkeptncontext: project, ...more });
  const [waiting] = bed.append(1, () => of('carts'));
  const [other] = bed.append(1, () => of('sockshop'));
  await receiver.until(() => receiver.ids.includes(waiting) && receiver.ids.includes(other));
  const [deletion, successor] = bed.append(2, (index) => of('carts', index === 0 ? { type: PROJECT_DELETE } : {}));
  await witness.until(() => witness.delivered.length > 0);
  isDown = false;
  receiver.delivered.length = 0;
  await receiver.until(() => receiver.ids.includes(successor) && receiver.ids.includes(other));
  expect(receiver.ids.toSorted()).toEqual([other, deletion, successor].toSorted());
});

it('does not repeat an attempt during which the project is deleted', async () => {
  const [receiver, witness] = [await bed.receiver(), await bed.receiver()];
  receiver.answer = async ({ event }) => {
    if (event['type'] === PROJECT_DELETE) return 200;
    bed.append(1, () => ({ type: PROJECT_DELETE }));
    await witness.until(() => witness.delivered.length > 0);
    return 503;
  };
  const broker = await bed.broker(`a=${receiver.url};strict,witness=${witness.url};types=${PROJECT_DELETE}`);
  const ids = bed.append(1);
  await receiver.until(() => receiver.delivered.length === 2);
  expect(receiver.delivered.map(({ event }) => event['type'])).toEqual([
    'sh.keptn.event.configuration.change',
    PROJECT_DELETE,
  ]);
  const listed = async (): Promise<unknown> =>
    (await broker.call('GET', `/v1/deliveries?eventId=${ids[0] ?? ''}`)).json['deliveries'];
  await expect.poll(listed).toMatchObject([{ outcome: 'dead', attemptCount: 1 }]);
});
