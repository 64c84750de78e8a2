import { describe, expect, it } from 'vitest';
import { listProcesses } from './processes';
import { newLaunch, removeData, startSystem } from './running-system';

/** Two starts on a machine that is busy. */
const TIMEOUT_MS = 180_000;

describe('when the launcher is killed', { timeout: TIMEOUT_MS }, () => {
  it('the next one takes over what it has left, and services without a next one end by themselves', async () => {
    const launch = await newLaunch();
    const killed = await startSystem(launch);
    const token = await killed.token();
    killed.child.kill('SIGKILL');
    const next = await startSystem(launch);
    expect(await next.token()).toBe(token);
    expect((await next.call('GET', '/v1/metadata')).status).toBe(200);

    // And its services end by themselves, although their database is gone as well.
    const family = (await next.processes()).map(({ pid }) => pid);
    expect(family.length).toBeGreaterThanOrEqual(3);
    next.child.kill('SIGKILL');
    await expect
      .poll(async () => (await listProcesses()).filter(({ pid }) => family.includes(pid)), { timeout: 60_000 })
      .toEqual([]);
    await removeData(launch);
  });
});
