import { createHash } from 'node:crypto';

/** Version 5 of RFC 9562, section 5.5. */
const VERSION = 0x50;
const VARIANT = 0x80;

/**
 * The UUID of a name within a namespace (version 5): the same for the same two, whoever makes it and however often.
 *
 * @param namespace a UUID
 */
export function derivedUuid(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | VERSION, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | VARIANT, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
