import { crc32 } from 'node:zlib';
import { type Change } from './change-set';

/**
 * A record of the log holds the changes of one group of writes:
 *
 *     length of what follows the checksum, 4 bytes | CRC-32 of it, 4 bytes | changes
 *
 * and a change is
 *
 *     number of the map, 1 byte | length of the key, 4 bytes | length of the value, 4 bytes | key | value
 *
 * all numbers big-endian. A value of the length `REMOVED` stands for no value.
 */
const RECORD_HEADER = 8;
const CHANGE_HEADER = 9;
const REMOVED = 0xffffffff;

/** A change and the number of its map. */
export interface MapChange extends Change {
  readonly map: number;
}

/** @param changes by the number of their map */
export function writeRecord(changes: readonly (readonly Change[])[]): Buffer {
  const sizeOf = ({ key, value }: Change): number => CHANGE_HEADER + key.length + (value?.length ?? 0);
  const size = changes.flat().reduce((sum, change) => sum + sizeOf(change), 0);
  const bytes = Buffer.allocUnsafe(RECORD_HEADER + size);
  let at = RECORD_HEADER;
  for (const [map, ofMap] of changes.entries()) {
    for (const { key, value } of ofMap) {
      bytes.writeUInt8(map, at);
      bytes.writeUInt32BE(key.length, at + 1);
      bytes.writeUInt32BE(value?.length ?? REMOVED, at + 5);
      bytes.write(key, at + CHANGE_HEADER, 'latin1');
      value?.copy(bytes, at + CHANGE_HEADER + key.length);
      at += CHANGE_HEADER + key.length + (value?.length ?? 0);
    }
  }
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(RECORD_HEADER)), 4);
  return bytes;
}

/** Bytes at the end of a file that are zero only where the file system had made space before the power failed. */
const ZEROS = Buffer.alloc(32);
/** Longer than any key. */
const MAX_KEY = 4_096;
/** More maps than there are. */
const MAX_MAPS = 16;

/** Where something is in a log: the first byte, and the first behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a log consists of. */
export interface LogContent {
  readonly records: readonly Span[];
  /** What is no record, although it was written whole. */
  readonly damaged: readonly Span[];
  /** Bytes of the record that was being written when the process or the machine ended. */
  readonly cutOff: number;
}

/** Finds the records of a log, also those behind damage. */
export function inspectLog(log: Buffer): LogContent {
  const records: Span[] = [];
  const damaged: Span[] = [];
  for (let start = 0; start < log.length;) {
    const end = endOfRecord(log, start);
    if (end !== undefined) {
      records.push({ start, end });
      start = end;
      continue;
    }
    const next = nextRecord(log, start + 1);
    if (next === undefined && isCutOff(log.subarray(start))) return { records, damaged, cutOff: log.length - start };
    damaged.push({ start, end: next ?? log.length });
    start = next ?? log.length;
  }
  return { records, damaged, cutOff: 0 };
}

/** The changes of a record. */
export function readRecord(log: Buffer, { start, end }: Span): MapChange[] {
  return changesOf(log.subarray(start + RECORD_HEADER, end));
}

/** @returns undefined when no whole record begins here */
function endOfRecord(log: Buffer, start: number): number | undefined {
  const bodyStart = start + RECORD_HEADER;
  if (bodyStart + CHANGE_HEADER > log.length) return undefined;
  const size = log.readUInt32BE(start);
  const end = bodyStart + size;
  if (size < CHANGE_HEADER || end > log.length) return undefined;
  // Cheaper than the checksum, which is computed at every byte behind damage otherwise.
  if (log.readUInt8(bodyStart) >= MAX_MAPS || log.readUInt32BE(bodyStart + 1) > MAX_KEY) return undefined;
  return crc32(log.subarray(bodyStart, end)) === log.readUInt32BE(start + 4) ? end : undefined;
}

function nextRecord(log: Buffer, from: number): number | undefined {
  for (let start = from; start + RECORD_HEADER < log.length; start++) {
    if (endOfRecord(log, start) !== undefined) return start;
  }
  return undefined;
}

/** Tells the end of a record that is missing from one that was changed. */
function isCutOff(rest: Buffer): boolean {
  if (rest.length < RECORD_HEADER || rest.subarray(-ZEROS.length).equals(ZEROS.subarray(0, rest.length))) return true;
  const isLengthChanged = crc32(rest.subarray(RECORD_HEADER)) === rest.readUInt32BE(4);
  return !isLengthChanged && rest.readUInt32BE(0) > rest.length - RECORD_HEADER;
}

function changesOf(body: Buffer): MapChange[] {
  const changes: MapChange[] = [];
  for (let at = 0; at < body.length;) {
    const keyStart = at + CHANGE_HEADER;
    const valueStart = keyStart + body.readUInt32BE(at + 1);
    const length = body.readUInt32BE(at + 5);
    const value = length === REMOVED ? undefined : body.subarray(valueStart, valueStart + length);
    changes.push({ map: body.readUInt8(at), key: body.toString('latin1', keyStart, valueStart), value });
    at = valueStart + (value?.length ?? 0);
  }
  return changes;
}
