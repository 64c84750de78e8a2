import { type Document } from 'bson';
import { aggregate } from 'mingo';
import { promoteValue } from '../bson/document';
import { CommandError, notSupported } from '../errors';

const SCRIPT_OPERATORS = new Set(['$function', '$accumulator', '$where']);

/**
 * Makes the function that computes an aggregation expression on a plain document.
 *
 * @param expression the expression with typed or plain values
 */
export function compileExpression(expression: unknown): (document: Document) => unknown {
  const plain = promoteValue(expression);
  refuseScripts(plain);
  const pipeline = [{ $replaceWith: { value: plain } }];
  return (document) => {
    const [result] = withMongoErrors(() => aggregate([document], pipeline, { scriptEnabled: false }));
    return result?.['value'];
  };
}

/** Refuses server-side JavaScript anywhere in an expression or a pipeline. */
export function refuseScripts(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (SCRIPT_OPERATORS.has(name)) throw notSupported(`server-side JavaScript (${name})`);
    refuseScripts(child);
  }
}

/** Runs mingo and turns its errors into ones that a driver understands. */
export function withMongoErrors<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('BadValue', error instanceof Error ? error.message : String(error));
  }
}
