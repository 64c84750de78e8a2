import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProject, openStore, temporaryFolder } from '../test/store-fixture';
import { runGit } from './git-process';

it('has Git wait until a reference that it writes is on the disk', async () => {
  const project = await createProject(await openStore());
  const events = join(await temporaryFolder(), 'events');
  const args = ['update-ref', 'refs/tags/release', project.head('dev')];
  await runGit(project.folder, args, { environment: { GIT_TRACE2_EVENT: events } });
  expect(await readFile(events, 'utf8')).toMatch(/"key":"fsync\/hardware-flush","value":"[1-9]/);
});
