import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientRequest } from 'node:http';

/** What is handed to the socket in one step, in bytes. */
const CHUNK = 64 * 1024;

/** Uploads below this many bytes are over before a person could read about them. */
const SHOWN_FROM = 512 * 1024;

const MEBIBYTE = 1024 * 1024;

/** Writes the body at the pace of the other side; a person at a terminal sees how far it is. */
export function writeBody(outgoing: ClientRequest, body: Buffer | undefined): void {
  if (body === undefined) {
    outgoing.end();
    return;
  }
  const report = process.stderr.isTTY && body.length >= SHOWN_FROM ? showProgress(body.length) : undefined;
  let position = 0;
  const writeOn = (): void => {
    while (position < body.length && !outgoing.destroyed) {
      const chunk = body.subarray(position, position + CHUNK);
      position += chunk.length;
      report?.(position);
      if (!outgoing.write(chunk)) {
        outgoing.once('drain', writeOn);
        return;
      }
    }
    outgoing.end();
  };
  writeOn();
}

/** Writes a body while it is made; when making it fails, the request is broken off. */
export function writeStream(
  outgoing: ClientRequest,
  stream: AsyncIterable<string>,
  reject: (error: unknown) => void,
): void {
  pipeline(Readable.from(stream), outgoing).catch(reject);
}

/** A line that is written over itself, and gone at the end. */
function showProgress(total: number): (done: number) => void {
  return (done) => {
    const percent = Math.floor((done / total) * 100);
    const line = `Uploading ${(total / MEBIBYTE).toFixed(1)} MiB: ${percent} %`;
    process.stderr.write(done < total ? `\r${line}` : `\r${' '.repeat(line.length)}\r`);
  };
}
