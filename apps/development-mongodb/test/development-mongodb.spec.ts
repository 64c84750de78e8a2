import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '@keptn/service-kit';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developmentMongodb } from '../src/app.module';

describe('the database of a development cluster', () => {
  let folder: string;
  let environment: Record<string, string>;
  let uri: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'development-mongodb-'));
    const port = await findFreePorts(1);
    environment = {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      KEPTN_DATA_DIR: folder,
      MONGODB_PORT: String(port),
    };
    uri = `mongodb://127.0.0.1:${port}/keptn`;
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('answers drivers and probes, and finds its data again after a restart', async () => {
    const first = await startService(developmentMongodb, environment);
    const writer = await MongoClient.connect(uri);
    await writer.db().collection('events').insertOne({ type: 'sh.keptn.event.a' });
    await writer.close();
    expect((await fetch(`${first.url}/ready`)).status).toBe(200);
    await first.close();

    const second = await startService(developmentMongodb, environment);
    const reader = await MongoClient.connect(uri);
    expect(await reader.db().collection('events').countDocuments({ type: 'sh.keptn.event.a' })).toBe(1);
    await reader.close();
    await second.close();
  });
});
