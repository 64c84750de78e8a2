import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../failures/failure';

/**
 * Asks a person at the terminal for a secret, and does not show what is typed.
 *
 * @throws Failure when the person gives up
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const gaveUp = new AbortController();
  terminal.once('SIGINT', () => {
    gaveUp.abort();
  });
  try {
    return (await terminal.question('', { signal: AbortSignal.any([signal, gaveUp.signal]) })).trim();
  } catch (error) {
    throw new Failure('interrupted', 'interrupted before anything was changed', { cause: error });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
