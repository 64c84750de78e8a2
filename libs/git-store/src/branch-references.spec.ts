import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { beforeSync } from '../test/disk-fixture';
import { createProject, openStore } from '../test/store-fixture';
import { BranchReferences } from './branch-references';

it('waits for branches that somebody else waits for already', async () => {
  const repository = await createProject(await openStore());
  const references = await BranchReferences.load(repository.folder);
  const update = { branch: 'dev', commit: repository.head('dev') };
  references.lock('dev');
  references.stage(update);
  references.publish([update]);
  let [reach, goOn] = [(): void => undefined, (): void => undefined];
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const proceed = new Promise<void>((resolve) => (goOn = resolve));
  beforeSync(async (path) => {
    if (!path.endsWith('refs/heads/dev')) return;
    reach();
    await proceed;
  });
  const first = references.sync();
  await reached;
  let isSynced = false;
  const second = references.sync().then(() => (isSynced = true));
  await nextTurn();
  expect(isSynced).toBe(false);
  goOn();
  await Promise.all([first, second]);
});
