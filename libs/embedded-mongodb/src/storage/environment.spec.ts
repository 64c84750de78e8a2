import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError } from '../errors';
import { Environment } from './environment';

const value = Buffer.from('1');

describe('writing in groups', () => {
  let folder: string;
  let environment: Environment;
  let aborts: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-mongodb-'));
    aborts = 0;
    environment = new Environment(folder, {
      beforeCommit: () => undefined,
      afterCommit: () => undefined,
      onAbort: () => aborts++,
    });
    await environment.takeOver();
  });
  afterEach(async () => {
    await environment.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (name: string): Promise<void> =>
    environment.write(() => {
      environment.records.put(name, value);
    });

  it('shows an operation its own writes and others only what is committed', async () => {
    const written = environment.write(() => {
      environment.records.put('a', value);
      return environment.records.get('a')?.toString();
    });
    expect(environment.records.get('a')).toBeUndefined();
    expect(await written).toBe('1');
    expect(environment.records.get('a')?.toString()).toBe('1');
  });

  it('shows others nothing of a group that waits for more', async () => {
    const seen: (string | undefined)[] = [];
    const first = put('a');
    const second = new Promise((resolve) => setImmediate(resolve)).then(() => {
      seen.push(environment.records.get('a')?.toString());
      return put('b');
    });
    await Promise.all([first, second]);
    seen.push(environment.records.get('a')?.toString());
    expect(seen).toEqual([undefined, '1']);
  });

  it('keeps the writes of others when one refuses its own', async () => {
    const refused = environment.write(() => {
      throw new CommandError('BadValue', 'no');
    });
    const [first, second] = await Promise.allSettled([put('a'), refused]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
    expect(aborts).toBe(0);
  });

  it('keeps the writes of others when one breaks off before it wrote anything', async () => {
    const broken = environment.write(() => {
      throw new Error('broken');
    });
    const results = await Promise.allSettled([put('a'), broken, put('b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(aborts).toBe(0);
  });

  it('undoes the whole group when an operation breaks off half-way', async () => {
    const before = put('a');
    const broken = environment.write(() => {
      environment.records.put('half', value);
      throw new Error('broken');
    });
    const results = await Promise.allSettled([before, broken, put('behind')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(environment.records.get('a')).toBeUndefined();
    expect(environment.records.get('half')).toBeUndefined();
    expect(aborts).toBe(1);
    expect(environment.records.get('behind')).toBeDefined();
  });

  it('stops when another process took the folder over', async () => {
    const other = new Environment(folder, {
      beforeCommit: () => undefined,
      afterCommit: () => undefined,
      onAbort: () => undefined,
    });
    await other.takeOver();
    await expect(put('a')).rejects.toThrow('took over');
    await other.close();
  });
});
