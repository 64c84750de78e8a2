import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { listProcesses } from './processes';
import { newLaunch, removeData, startSystem } from './running-system';

/** Two starts on a machine that is busy. */
const TIMEOUT_MS = 180_000;

describe('when the launcher is killed', { timeout: TIMEOUT_MS }, () => {
  it('its services end by themselves, although their database is gone as well', async () => {
    const launch = await newLaunch();
    const system = await startSystem(launch);
    const family = (await system.processes()).map(({ pid }) => pid);
    expect(family.length).toBeGreaterThanOrEqual(3);
    process.kill(family[0] ?? 0, 'SIGKILL');
    await expect
      .poll(async () => (await listProcesses()).filter(({ pid }) => family.includes(pid)), { timeout: 60_000 })
      .toEqual([]);
    await removeData(launch);
  });

  it('the next one waits for what it has left, and takes over its ports and data', async () => {
    const launch = await newLaunch();
    const killed = await startSystem(launch);
    const token = await killed.token();
    killed.child.kill('SIGKILL');
    const next = await startSystem(launch);
    expect(await next.token()).toBe(token);
    expect((await next.call('GET', '/v1/metadata')).status).toBe(200);
    await next.interrupt();
    await removeData(launch);
  });
});
