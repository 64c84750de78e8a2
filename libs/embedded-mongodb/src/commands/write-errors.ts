import { type Document } from 'bson';
import { CommandError } from '../errors';

/** The entry for a failed statement in `writeErrors`. */
export function writeError(index: number, error: unknown): Document {
  if (!(error instanceof CommandError)) throw error;
  return { index, code: error.code, errmsg: error.message, ...error.details };
}

/** Milliseconds of one write transaction, after which other writers and readers get their turn. */
const TRANSACTION_MS = 25;

/**
 * Runs the statements of a command, many of them in one write transaction, and collects their errors.
 *
 * @param count the number of statements
 * @param isOrdered whether the first error ends the command
 * @param write runs an operation in a write transaction
 * @param run runs one statement within it
 */
export async function runStatements(
  count: number,
  isOrdered: boolean,
  write: (operation: () => void) => Promise<void>,
  run: (index: number) => void,
): Promise<readonly Document[]> {
  const errors: Document[] = [];
  let next = 0;
  while (next < count) {
    const failures: Document[] = [];
    let position = next;
    await write(() => {
      const deadline = performance.now() + TRANSACTION_MS;
      while (position < count && performance.now() < deadline) {
        try {
          run(position);
        } catch (error) {
          failures.push(writeError(position, error));
          if (isOrdered) position = count;
        }
        position++;
      }
    });
    errors.push(...failures);
    next = position;
  }
  return errors;
}
