import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { expandTilde } from '../environment';
import { Failure, reasonOf } from '../failures/failure';

/** Largest file that is read: a server's limit is lower, this only keeps a wrong path from filling the memory. */
const LARGEST = 256 * 1024 * 1024;

/**
 * The content of a file, or of stdin when it is called `-`.
 *
 * @param signal ends the reading of a pipe that nothing comes from
 * @throws Failure when it cannot be read
 */
export async function readInput(file: string, signal: AbortSignal): Promise<Buffer> {
  const stream = addAbortSignal(signal, file === '-' ? process.stdin : createReadStream(expandTilde(file)));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LARGEST) {
        throw new Error('it is larger than 256 MiB');
      }
    }
  } catch (error) {
    if (signal.aborted) {
      throw new Failure('interrupted', 'interrupted before anything was changed', { cause: error });
    }
    throw new Failure('failed', `${file === '-' ? 'the input' : file} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return Buffer.concat(chunks);
}

/** The content in base64, as the API takes it. */
export async function readBase64(file: string, signal: AbortSignal): Promise<string> {
  return (await readInput(file, signal)).toString('base64');
}
