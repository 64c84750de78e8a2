import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatabaseDoor } from './database-door';
import { DeliveryBed } from './delivery-bed';

let bed: DeliveryBed;
let door: DatabaseDoor;

beforeEach(async () => {
  bed = await DeliveryBed.start();
  door = await DatabaseDoor.open(bed.database);
});

afterEach(async () => {
  door.unblock();
  await bed.stop();
  await door.close();
});

it('a replica whose database stalls delivers nothing beside the one that takes over, and stands by afterwards', async () => {
  const receiver = await bed.receiver();
  const countsOf = (ids: readonly unknown[]): number[] =>
    ids.map((id) => receiver.ids.filter((each) => each === id).length);
  const declared = `a=${receiver.url};strict`;
  await bed.broker(declared, { MONGODB_URI: door.uri });
  const other = await bed.broker(declared);
  door.block();
  const unsaved = bed.append(1);
  // The other one cannot know that it was delivered.
  await receiver.until(() => countsOf(unsaved)[0] === 2);
  const ids = bed.append(5);
  await receiver.until(() => receiver.ids.includes(ids[4]));
  expect(countsOf(ids)).toEqual([1, 1, 1, 1, 1]);
  door.unblock();
  await other.stop();
  const [next] = bed.append(1);
  await receiver.until(() => receiver.ids.includes(next));
  expect(countsOf([...ids, next])).toEqual([1, 1, 1, 1, 1, 1]);
});
