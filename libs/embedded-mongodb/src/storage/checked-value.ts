import { crc32 } from 'node:zlib';

/** Bytes of the checksum behind each value in LMDB, which has none of its own. */
const CHECKSUM_BYTES = 4;

/** A value in LMDB is not what was stored. */
export class DamagedValue extends Error {
  override readonly name = 'DamagedValue';
  constructor() {
    super('data.mdb is damaged: a value has another checksum than when it was stored; stop, and check the store');
  }
}

/** A value followed by the checksum of its key and itself. */
export function sealed(key: Buffer, value: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES);
  value.copy(bytes);
  bytes.writeUInt32BE(crc32(value, crc32(key)), value.length);
  return bytes;
}

/** The value without its checksum. @throws DamagedValue */
export function unsealed(key: Buffer, bytes: Buffer): Buffer {
  const length = bytes.length - CHECKSUM_BYTES;
  if (length < 0) throw new DamagedValue();
  const value = bytes.subarray(0, length);
  if (crc32(value, crc32(key)) !== bytes.readUInt32BE(length)) throw new DamagedValue();
  return value;
}
