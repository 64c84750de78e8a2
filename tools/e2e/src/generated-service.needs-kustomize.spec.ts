import { afterAll, beforeAll, describe, it } from 'vitest';
import { generateService, WorkspaceCopy } from './workspace-copy';

/** Milliseconds for a generator and kustomize on a busy machine. */
const TIMEOUT_MS = 120_000;

describe('the manifest of a generated service', { timeout: TIMEOUT_MS }, () => {
  let copy: WorkspaceCopy;

  beforeAll(async () => {
    copy = await WorkspaceCopy.make();
    await generateService(copy, 'sample-service', 'Answers one question');
  }, TIMEOUT_MS);

  afterAll(() => copy.remove());

  it('is rendered with all others, and is as good as they are', async () => {
    await copy.run('vitest', 'run', 'tools/manifests/');
  });
});
