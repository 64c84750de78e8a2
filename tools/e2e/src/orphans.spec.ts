import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { listProcesses } from './processes';
import { newLaunch, removeData, startSystem } from './running-system';

describe('when the launcher is killed', () => {
  it('its services end by themselves, although their database is gone as well', async () => {
    const launch = await newLaunch();
    const system = await startSystem(launch);
    const family = (await system.processes()).map(({ pid }) => pid);
    expect(family.length).toBeGreaterThanOrEqual(5);
    process.kill(family[0] ?? 0, 'SIGKILL');
    await expect
      .poll(async () => (await listProcesses()).filter(({ pid }) => family.includes(pid)), { timeout: 15_000 })
      .toEqual([]);
    await removeData(launch);
  });
});
