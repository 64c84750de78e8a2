import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startEmbeddedMongodb } from '@keptn/embedded-mongodb';
import { type TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of a MongoDB without a database: append `/<a name of your own>`. */
    mongodbUri: string;
  }
}

/**
 * Gives all tests of a run one MongoDB endpoint: the one that MONGODB_TEST_URI names (without a database), otherwise the
 * embedded store in a temporary folder.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['MONGODB_TEST_URI'];
  if (given !== undefined && given !== '') {
    project.provide('mongodbUri', given.replace(/\/+$/, ''));
    return () => Promise.resolve();
  }
  const folder = await mkdtemp(join(tmpdir(), 'keptn-test-mongodb-'));
  const store = await startEmbeddedMongodb({ folder });
  project.provide('mongodbUri', store.uri('').replace(/\/+$/, ''));
  return async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
}
