import { MAX_MESSAGE_BYTES } from '../bson/validate';
import { HEADER_BYTES, MalformedMessage } from './wire-message';

/** Cuts the bytes of a connection into messages. */
export class MessageFrames {
  private chunks: Buffer[] = [];
  private size = 0;
  private wanted = HEADER_BYTES;

  add(bytes: Buffer): void {
    this.chunks.push(bytes);
    this.size += bytes.length;
  }

  /** The next whole message, if it has arrived. @throws MalformedMessage when its length makes no sense */
  next(): Buffer | undefined {
    if (this.size < this.wanted) return undefined;
    const bytes =
      this.chunks.length === 1 && this.chunks[0] !== undefined ? this.chunks[0] : Buffer.concat(this.chunks);
    this.chunks = [bytes];
    const length = bytes.readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
      throw new MalformedMessage(`a message of ${length} bytes is not possible`);
    }
    if (bytes.length < length) {
      this.wanted = length;
      return undefined;
    }
    this.wanted = HEADER_BYTES;
    this.chunks = bytes.length === length ? [] : [bytes.subarray(length)];
    this.size = bytes.length - length;
    return bytes.subarray(0, length);
  }
}
