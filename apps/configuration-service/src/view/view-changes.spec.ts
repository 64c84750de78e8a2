import { type ProjectName } from '@keptn/event-models';
import { expect, it } from 'vitest';
import { PROJECT_LIST, ViewChanges } from './view-changes';

const shop = 'shop' as ProjectName;
const other = 'other' as ProjectName;

it('a change gives a part of the view another revision when it begins and when it ends, however it ends', async () => {
  const changes = new ViewChanges();
  const seen = [changes.revisionOf(shop)];
  const look = (): Promise<void> => {
    seen.push(changes.revisionOf(shop));
    return Promise.resolve();
  };
  await changes.during([shop], look);
  await look();
  await expect(changes.during([shop], () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  await look();
  expect(new Set(seen).size).toBe(4);
});

it('other parts keep theirs, until everything is forgotten', async () => {
  const changes = new ViewChanges();
  const before = [changes.revisionOf(other), changes.revisionOf(PROJECT_LIST)];
  await changes.during([shop], () => Promise.resolve());
  expect([changes.revisionOf(other), changes.revisionOf(PROJECT_LIST)]).toEqual(before);
  changes.forgetEverything();
  expect(changes.revisionOf(other)).not.toBe(before[0]);
  expect(changes.revisionOf(PROJECT_LIST)).not.toBe(before[1]);
});
