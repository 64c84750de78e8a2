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

/** The records of a log from its beginning to its end, or to the first one that was not written whole. */
export class RecordReader {
  private at = 0;

  constructor(private readonly log: Buffer) {}

  /** True when everything was read. */
  get isAtEnd(): boolean {
    return this.at === this.log.length;
  }

  /** @returns undefined at the end, and where the record is not whole */
  next(): MapChange[] | undefined {
    if (this.at + RECORD_HEADER > this.log.length) return undefined;
    const size = this.log.readUInt32BE(this.at);
    const body = this.log.subarray(this.at + RECORD_HEADER, this.at + RECORD_HEADER + size);
    // A record is never empty; zeros are space that the file system had made before the power failed.
    if (size === 0 || body.length < size || crc32(body) !== this.log.readUInt32BE(this.at + 4)) return undefined;
    this.at += RECORD_HEADER + size;
    return changesOf(body);
  }
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
