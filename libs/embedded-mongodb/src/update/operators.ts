import { Int32, Timestamp } from 'bson';
import { compareValues } from '../bson/compare';
import { copyValue, isDocument, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { fieldAtPath, splitPath } from '../bson/path';
import { addToSet, type ArrayChange, pop, pull, pullAll, push } from './array-operators';
import { add, combineBits, isNumber, multiply } from './numbers';
import { setAtPath, unsetAtPath } from './paths';

/** Changes a document at one concrete path. */
export type FieldChange = (document: TypedDocument, path: readonly string[]) => void;

/** Makes the change for the operand of an operator. @throws CommandError */
type OperatorCompiler = (operand: unknown, path: string) => FieldChange;

/** The update operators. `$setOnInsert` is `$set` for a document that is being made. */
export const OPERATORS: Readonly<Record<string, OperatorCompiler>> = {
  $set: setValue,
  $setOnInsert: setValue,
  $unset: () => unsetAtPath,
  $inc: (operand, path) => arithmetic('increment', operand, path, add, operand),
  $mul: (operand, path) => arithmetic('multiply', operand, path, multiply, new Int32(0)),
  $min: (operand) => keepExtreme(operand, -1),
  $max: (operand) => keepExtreme(operand, 1),
  $rename: renameField,
  $currentDate: currentDate,
  $bit: changeBits,
  $push: (operand) => arrayField('$push', push(operand)),
  $addToSet: (operand) => arrayField('$addToSet', addToSet(operand)),
  $pull: (operand) => arrayField('$pull', pull(operand)),
  $pullAll: (operand) => arrayField('$pullAll', pullAll(operand)),
  $pop: (operand) => arrayField('$pop', pop(operand)),
};

function setValue(operand: unknown): FieldChange {
  return (document, path) => {
    setAtPath(document, path, copyValue(operand));
  };
}

function arithmetic(
  verb: string,
  operand: unknown,
  path: string,
  compute: (left: unknown, right: unknown) => unknown,
  ofMissing: unknown,
): FieldChange {
  if (!isNumber(operand)) {
    throw new CommandError('TypeMismatch', `Cannot ${verb} with non-numeric argument: {${path}: ${String(operand)}}`);
  }
  return (document, parts) => {
    const current = fieldAtPath(document, parts);
    if (current !== undefined && !isNumber(current)) {
      throw new CommandError(
        'TypeMismatch',
        `Cannot apply $${verb === 'increment' ? 'inc' : 'mul'} to the non-numeric field '${path}'`,
      );
    }
    setAtPath(document, parts, current === undefined ? ofMissing : compute(current, operand));
  };
}

function keepExtreme(operand: unknown, direction: 1 | -1): FieldChange {
  return (document, path) => {
    const current = fieldAtPath(document, path);
    if (current === undefined || compareValues(operand, current) * direction > 0)
      setAtPath(document, path, copyValue(operand));
  };
}

function renameField(operand: unknown, path: string): FieldChange {
  if (typeof operand !== 'string' || operand === path || operand === '') {
    throw new CommandError('BadValue', `The 'to' field of $rename has to be another path: ${path}`);
  }
  const target = splitPath(operand);
  return (document, source) => {
    const value = fieldAtPath(document, source);
    if (value === undefined) return;
    unsetAtPath(document, source);
    setAtPath(document, target, value);
  };
}

function currentDate(operand: unknown, path: string): FieldChange {
  const type = isDocument(operand) ? operand['$type'] : 'date';
  if (type !== 'date' && type !== 'timestamp') {
    throw new CommandError('BadValue', `The '$type' of $currentDate for '${path}' has to be 'date' or 'timestamp'`);
  }
  return (document, parts) => {
    const now = new Date();
    const timestamp = new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
    setAtPath(document, parts, type === 'date' ? now : timestamp);
  };
}

function changeBits(operand: unknown): FieldChange {
  const operations = isDocument(operand) ? Object.entries(operand) : [];
  if (operations.length === 0) throw new CommandError('BadValue', 'The $bit modifier needs an operation');
  return (document, path) => {
    for (const [operator, bits] of operations) {
      const current = fieldAtPath(document, path) ?? new Int32(0);
      setAtPath(document, path, combineBits(operator, current, bits));
    }
  };
}

function arrayField(operator: string, change: ArrayChange): FieldChange {
  return (document, path) => {
    const current = fieldAtPath(document, path);
    if (current !== undefined && !Array.isArray(current)) {
      throw new CommandError(
        'BadValue',
        `Cannot apply ${operator} to the field '${path.join('.')}', which is not an array`,
      );
    }
    const changed = change(current as unknown[] | undefined);
    if (changed !== undefined) setAtPath(document, path, changed);
  };
}
