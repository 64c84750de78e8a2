import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type EmbeddedMongodb, startEmbeddedMongodb } from '../src/index';

/** An engine over a fresh folder, with a client of the official driver. */
export interface TestEngine {
  readonly folder: string;
  readonly engine: EmbeddedMongodb;
  readonly client: MongoClient;
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Starts an engine that leaves nothing behind.
 *
 * @param failures takes what the engine reports; without it, it goes to standard error
 */
export async function startTestEngine(failures?: unknown[]): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
  const engine = await startEmbeddedMongodb({
    folder,
    ...(failures === undefined ? {} : { logger: { error: (...failure) => failures.push(failure) } }),
  });
  const client = await MongoClient.connect(engine.uri('test'), { maxPoolSize: 64 });
  return {
    folder,
    engine,
    client,
    db: client.db('test'),
    close: async () => {
      await client.close();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
