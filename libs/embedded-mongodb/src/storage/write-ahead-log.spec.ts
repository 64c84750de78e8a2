import { appendFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Environment } from './environment';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

/** So that the log keeps everything however slow the machine is. */
const NEVER_IDLE_MS = 2 ** 31 - 1;
const HOOKS = { beforeCommit: () => undefined, afterCommit: () => undefined, onAbort: () => undefined };
const everything = { start: 'a', end: 'z' };

let folder: string;
let open: Environment[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-ahead-log-'));
  open = [];
});
afterEach(async () => {
  for (const environment of open) await environment.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(name: string): Promise<Environment> {
  const environment = new Environment(join(folder, name), HOOKS, NEVER_IDLE_MS);
  open.push(environment);
  await environment.takeOver();
  return environment;
}

/** Writes groups of two entries each; the second of a group removes the first of the group before. */
async function writeGroups(environment: Environment, count: number): Promise<void> {
  for (let group = 0; group < count; group++) {
    await environment.write(() => {
      environment.entries.put(`k${group}`, Buffer.from(`value ${group}`));
      environment.entries.remove(`k${group - 1}`);
      environment.counts.put('groups', Buffer.from([group + 1]));
    });
  }
}

/** How many groups the environment shows, none of them in part. */
function groupsIn(environment: Environment): number {
  const groups = environment.counts.get('groups')?.[0] ?? 0;
  const keys = [...environment.entries.keys(everything)];
  expect(keys).toEqual(groups === 0 ? [] : [`k${groups - 1}`]);
  return groups;
}

/** The folder as the kill of its process would leave it at this moment. */
async function killed(name: string): Promise<{ readonly name: string; readonly logs: readonly string[] }> {
  const copy = `${name}-${Math.random().toString(36).slice(2)}`;
  await cp(join(folder, name), join(folder, copy), { recursive: true });
  const logs = (await readdir(join(folder, copy))).filter((file) => file.startsWith('log-')).sort();
  return { name: copy, logs: logs.map((file) => join(folder, copy, file)) };
}

describe('after the process was killed', () => {
  it('every group is there that was written whole, and nothing of one that was not', async () => {
    await writeGroups(await start('store'), 4);
    const { logs } = await killed('store');
    const length = (await readFile(logs[0] ?? '')).length;
    const seen = new Set<number>();
    for (let cut = 0; cut <= length; cut += 7) {
      const left = await killed('store');
      await truncate(left.logs[0] ?? '', cut);
      const groups = groupsIn(await start(left.name));
      expect(groups).toBe(Math.floor((4 * cut) / length));
      seen.add(groups);
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  it('a write that did not wait for the disk is there if a later one is', async () => {
    const environment = await start('store');
    await environment.write(() => {
      environment.entries.put('first', Buffer.from([1]));
    }, 'visible');
    expect(environment.entries.get('first')).toEqual(Buffer.from([1]));
    await environment.write(() => {
      environment.entries.put('second', Buffer.from([2]));
    });
    const left = await start((await killed('store')).name);
    expect([...left.entries.keys(everything)]).toEqual(['first', 'second']);
  });

  it('a write that did not wait for the disk is there a moment later', async () => {
    const environment = await start('store');
    await environment.write(() => {
      environment.entries.put('alone', Buffer.from([1]));
    }, 'visible');
    await vi.waitFor(async () => {
      const left = await start((await killed('store')).name);
      expect([...left.entries.keys(everything)]).toEqual(['alone']);
    }, PATIENCE);
  });

  it.each([
    ['zeros, which a file system may leave', Buffer.alloc(5000)],
    ['half a record', Buffer.from([0, 0, 0, 50, 1, 2, 3, 4, 2, 0, 0, 0])],
  ])('a tail of %s is passed over, and writing goes on', async (_what, tail) => {
    await writeGroups(await start('store'), 3);
    const left = await killed('store');
    await appendFile(left.logs[0] ?? '', tail);
    const again = await start(left.name);
    expect(groupsIn(again)).toBe(3);
    await writeGroups(again, 5);
    expect(groupsIn(await start((await killed(left.name)).name))).toBe(5);
  });

  it('a tail that has its length and another content is damage, and refused', async () => {
    await writeGroups(await start('store'), 3);
    const left = await killed('store');
    await appendFile(left.logs[0] ?? '', Buffer.from([0, 0, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8]));
    const environment = new Environment(join(folder, left.name), HOOKS, NEVER_IDLE_MS);
    open.push(environment);
    await expect(environment.takeOver()).rejects.toThrow('12 bytes at 160 that are no record');
  });

  it('a log that is read twice, because its removal was cut off, changes nothing', async () => {
    await writeGroups(await start('store'), 3);
    const left = await killed('store');
    const bytes = await readFile(left.logs[0] ?? '');
    const again = await start(left.name);
    await again.close();
    await writeFile(left.logs[0] ?? '', bytes);
    expect(groupsIn(await start(left.name))).toBe(3);
  });

  it('a damaged log that others follow is refused', async () => {
    await writeGroups(await start('store'), 3);
    const left = await killed('store');
    const bytes = await readFile(left.logs[0] ?? '');
    await writeFile(`${(left.logs[0] ?? '').slice(0, -1)}9`, bytes);
    bytes[20] = 0xff;
    await writeFile(left.logs[0] ?? '', bytes);
    const environment = new Environment(join(folder, left.name), HOOKS, NEVER_IDLE_MS);
    open.push(environment);
    await expect(environment.takeOver()).rejects.toThrow(
      'log-000000000001 has 54 bytes at 0 that are no record, with 0 records before and 2 behind them',
    );
  });

  it('nothing is in the log any more once the store was closed', async () => {
    const environment = await start('store');
    await writeGroups(environment, 3);
    await environment.close();
    expect((await killed('store')).logs).toEqual([]);
    expect(groupsIn(await start('store'))).toBe(3);
  });
});
