import { promisify } from 'node:util';
import { deflate, deflateSync, inflate, inflateSync } from 'node:zlib';

const deflateInThreadPool = promisify(deflate);
const inflateInThreadPool = promisify(inflate);

/** Bytes; below this, (de)compressing on the event loop costs less than the trip to the thread pool. */
const THREAD_POOL_FROM = 32 * 1024;
/** Level 1: a third of the time of level 6 for a tenth more bytes, and packing compresses again anyway. */
const LEVEL = { level: 1 };

export async function compress(bytes: Buffer): Promise<Buffer> {
  return bytes.length < THREAD_POOL_FROM ? deflateSync(bytes, LEVEL) : await deflateInThreadPool(bytes, LEVEL);
}

/** @throws Error when the bytes are damaged */
export async function decompress(packed: Buffer): Promise<Buffer> {
  return packed.length < THREAD_POOL_FROM ? inflateSync(packed) : await inflateInThreadPool(packed);
}
