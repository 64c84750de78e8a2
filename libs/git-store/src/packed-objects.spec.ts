import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StoreClosed } from './git-store.errors';
import { type ObjectId } from './object-id';
import { PackedObjects } from './packed-objects';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

interface Sample {
  readonly folder: string;
  readonly ids: readonly ObjectId[];
}

/** A bare repository with some blobs. */
async function sample(contents: readonly string[]): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-objects-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q', '--bare', folder]);
  const write = (input: string): ObjectId =>
    execFileSync('git', ['--git-dir', folder, 'hash-object', '-w', '--stdin'], { input }).toString().trim() as ObjectId;
  return { folder, ids: contents.map(write) };
}

function open(options: { maxProcesses?: number; idleAfter?: number } = {}): PackedObjects {
  const objects = new PackedObjects(options);
  onTestFinished(() => objects.close());
  return objects;
}

const missing = '0'.repeat(40) as ObjectId;

it('answers many questions at once, each with its own object', async () => {
  const contents = ['', 'a', 'line\n', 'x'.repeat(500_000), '\n\n', 'missing\n'];
  const { folder, ids } = await sample(contents);
  const objects = open();
  const answers = await Promise.all([...ids, missing, ...ids].map((id) => objects.read(folder, id)));
  const expected = [...contents, undefined, ...contents];
  expect(answers.map((answer) => answer?.body.toString())).toEqual(expected);
});

it('serves more repositories than it may have processes', async () => {
  const samples = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((content) => sample([content])));
  const objects = open({ maxProcesses: 2 });
  const rounds = Array.from({ length: 20 }, () => samples).flat();
  let most = 0;
  const read = async ({ folder, ids }: Sample): Promise<string | undefined> => {
    const answer = await objects.read(folder, ids[0] ?? missing);
    most = Math.max(most, objects.processes);
    return answer?.body.toString();
  };
  expect((await Promise.all(rounds.map(read))).join('')).toBe('abcde'.repeat(20));
  expect(most).toBe(2);
});

it('starts again after its process was ended or has been idle', async () => {
  const { folder, ids } = await sample(['a']);
  const objects = open({ idleAfter: 1 });
  const read = async (): Promise<string | undefined> =>
    (await objects.read(folder, ids[0] ?? missing))?.body.toString();
  expect(await read()).toBe('a');
  await objects.endReader(folder);
  expect(await read()).toBe('a');
  await vi.waitFor(() => {
    expect(objects.processes).toBe(0);
  }, PATIENCE);
  expect(await read()).toBe('a');
});

it('answers nothing after it was closed', async () => {
  const { folder, ids } = await sample(['a']);
  const objects = open();
  await objects.close();
  await expect(objects.read(folder, ids[0] ?? missing)).rejects.toThrow(StoreClosed);
});

it('fails when there is no repository', async () => {
  await expect(open().read('/nonexistent', missing)).rejects.toThrow('git cat-file ended unexpectedly');
});
