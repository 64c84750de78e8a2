import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/store-fixture';
import { Journal } from './journal';
import { type JournalRecord } from './journal-record';
import { toObjectId } from './object-id';

const record = (digit: number): JournalRecord => {
  const id = toObjectId(String(digit).repeat(40));
  return { form: 'loose', moves: [], objects: [{ id, bytes: Buffer.alloc(100, digit) }] };
};

async function read(journal: Journal): Promise<readonly JournalRecord[][]> {
  const segments: JournalRecord[][] = [];
  for await (const records of journal.read()) segments.push([...records]);
  return segments;
}

it('grows in segments of a limited length', async () => {
  const folder = await temporaryFolder();
  const journal = new Journal(folder, 300);
  for (let digit = 1; digit <= 5; digit++) await journal.append(record(digit));
  expect(await read(journal)).toEqual([[record(1), record(2)], [record(3), record(4)], [record(5)]]);
});

it('takes the last record back, also when it is the first one of its segment', async () => {
  const journal = new Journal(await temporaryFolder(), 1);
  await journal.append(record(1));
  await journal.append(record(2));
  await journal.undo();
  await journal.append(record(3));
  expect(await read(journal)).toEqual([[record(1)], [record(3)]]);
});

it('goes on when what kept it from beginning a segment is over', async () => {
  const folder = await temporaryFolder();
  const journal = new Journal(folder, 1);
  await journal.append(record(1));
  const second = join(folder, 'keptn-journal', '2');
  // Neither the file nor what would take it back can be opened.
  await symlink('2', second);
  await expect(journal.append(record(2))).rejects.toThrow('ELOOP');
  await unlink(second);
  await journal.append(record(3));
  expect(await read(journal)).toEqual([[record(1)], [record(3)]]);
});

it('is dropped by several at the same time, and while somebody reads it', async () => {
  const journal = new Journal(await temporaryFolder(), 1);
  for (let digit = 1; digit <= 4; digit++) await journal.append(record(digit));
  const segments = journal.read();
  expect((await segments.next()).value).toEqual([record(1)]);
  await Promise.all([journal.drop(4), journal.drop(4), journal.drop(3)]);
  const left: JournalRecord[] = [];
  for await (const records of segments) left.push(...records);
  expect(left).toEqual([record(4)]);
});
