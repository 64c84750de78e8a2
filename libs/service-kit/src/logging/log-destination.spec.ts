import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from './logger';
import { LogDestination } from './log-destination';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

let folder: string;
let descriptors: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-destination-'));
  descriptors = [];
});
afterEach(() => {
  for (const fd of descriptors) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

function openAt(path: string, flags: string | number): number {
  const fd = openSync(path, flags);
  descriptors.push(fd);
  return fd;
}

/** A pipe that holds 64 KiB and says EAGAIN beyond, as one that a container runtime reads too slowly. */
function slowPipe(): { readonly reader: number; readonly writer: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openAt(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openAt(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

describe('a log line that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('is dropped when the disk is full', () => {
    const logger = createLogger('a-service', 'info', new LogDestination(openAt('/dev/full', 'w')));
    expect(() => {
      logger.info('nobody reads this');
    }).not.toThrow();
  });

  it('is dropped when the descriptor takes nothing at all', () => {
    const readOnly = new LogDestination(openAt(import.meta.filename, 'r'));
    expect(() => {
      readOnly.write('a line\n');
    }).not.toThrow();
  });

  it('is dropped when the reader is gone', () => {
    const { reader, writer } = slowPipe();
    descriptors = descriptors.filter((fd) => fd !== reader);
    closeSync(reader);
    expect(() => {
      new LogDestination(writer).write('a line\n');
    }).not.toThrow();
  });

  it('is counted in the first line that can be written again', () => {
    const { reader, writer } = slowPipe();
    const destination = new LogDestination(writer);
    fill(writer);
    for (const line of ['first\n', 'second\n', 'third\n']) destination.write(line);
    const filled = Buffer.alloc(1_000_000);
    readSync(reader, filled);
    destination.write('fourth\n');
    const bytes = readSync(reader, filled);
    const [report = '', line] = filled.toString('utf8', 0, bytes).split('\n');
    expect(JSON.parse(report)).toMatchObject({ level: 'warn', msg: '3 log lines could not be written (EAGAIN)' });
    expect(line).toBe('fourth');
  });

  it('that was written in part is ended before the next', () => {
    const { reader, writer } = slowPipe();
    const destination = new LogDestination(writer);
    destination.write(`${'x'.repeat(70_000)}\n`);
    const read = Buffer.alloc(100_000);
    const partial = readSync(reader, read);
    expect(read.subarray(0, partial).every((byte) => byte === 'x'.charCodeAt(0))).toBe(true);
    destination.write('whole\n');
    const lines = read.toString('utf8', 0, readSync(reader, read)).split('\n');
    expect(lines).toEqual(['', expect.stringContaining('1 log line could'), 'whole', '']);
  });
});

describe('lines that are written together', () => {
  it('are written when there are enough of them, in their order', () => {
    const path = join(folder, 'log');
    const destination = new LogDestination(openAt(path, 'w'), { length: 12, delayMs: 1_000_000 });
    destination.write('first\n');
    expect(readFileSync(path, 'utf8')).toBe('');
    destination.write('second\n');
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
  });

  it('are written after a while', async () => {
    const path = join(folder, 'log');
    const destination = new LogDestination(openAt(path, 'w'), { length: 1_000, delayMs: 1 });
    destination.write('alone\n');
    await vi.waitFor(() => {
      expect(readFileSync(path, 'utf8')).toBe('alone\n');
    }, PATIENCE);
  });
});

function fill(writer: number): void {
  try {
    for (;;) writeSync(writer, 'x'.repeat(4_096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' });
  }
}
