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

/** Starts an engine that leaves nothing behind. */
export async function startTestEngine(): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
  const engine = await startEmbeddedMongodb({ folder });
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
