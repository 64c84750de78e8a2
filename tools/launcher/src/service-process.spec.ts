import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceProcess } from './service-process';

/** Notes that it was started, and runs until it is killed. */
const SCRIPT = `
  import { appendFileSync } from 'node:fs';
  appendFileSync(process.env.STARTS, process.pid + '\\n');
  setInterval(() => {}, 1_000);
`;

describe('a service process', () => {
  let folder: string;
  /** Says that the service is ready. */
  let door: Server;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-service-process-'));
    await writeFile(join(folder, 'main.mjs'), SCRIPT);
    door = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(door, 'listening');
  });

  afterEach(async () => {
    door.close();
    await rm(folder, { recursive: true, force: true });
  });

  const aService = (onRestart: () => void): ServiceProcess => {
    const { port } = door.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const environment = { STARTS: join(folder, 'starts') };
    return new ServiceProcess({
      plan: { name: 'mongodb-datastore', port, url, script: join(folder, 'main.mjs'), environment },
      log: { kind: 'console' },
      waitFor: '/health',
      onRestart,
    });
  };
  const starts = async (): Promise<number[]> =>
    (await readFile(join(folder, 'starts'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
  const kill = async (start: number): Promise<void> => {
    await expect.poll(async () => (await starts()).length, { timeout: 10_000 }).toBe(start);
    process.kill((await starts())[start - 1] ?? 0, 'SIGKILL');
  };

  it('is started again when it ends by itself', async () => {
    const service = aService(() => undefined);
    await service.start();
    await kill(1);
    await kill(2);
    await expect.poll(async () => (await starts()).length, { timeout: 10_000 }).toBe(3);
    await service.stop();
  });

  it('is not started again when it was stopped meanwhile', async () => {
    let noteRestart: () => void = () => undefined;
    const restarting = new Promise<void>((resolve) => (noteRestart = resolve));
    const service = aService(noteRestart);
    await service.start();
    await kill(1);
    await restarting;
    await service.stop();
    expect(await starts()).toHaveLength(1);
  });
});
