import { fieldAtPath } from '../bson/path';
import { compareValues } from '../bson/compare';
import { asNumber, copyValue, type TypedDocument } from '../bson/document';
import { CommandError } from '../errors';
import { addToSet, type ArrayChange, pull, pullAll, push } from './array-operators';
import { add } from './numbers';
import { setAtPath, unsetAtPath } from './paths';

/** Changes a document at one path. */
export type FieldChange = (document: TypedDocument, path: readonly string[]) => void;

/** Makes the change for the operand of an operator. @throws CommandError */
type OperatorCompiler = (operand: unknown, path: string) => FieldChange;

/** The update operators. `$setOnInsert` is `$set` for a document that is being made. */
export const OPERATORS: ReadonlyMap<string, OperatorCompiler> = new Map<string, OperatorCompiler>([
  ['$set', setValue],
  ['$setOnInsert', setValue],
  ['$unset', () => unsetAtPath],
  ['$inc', increment],
  ['$min', (operand) => keepExtreme(operand, -1)],
  ['$max', (operand) => keepExtreme(operand, 1)],
  ['$push', (operand) => arrayField('$push', push(operand))],
  ['$addToSet', (operand) => arrayField('$addToSet', addToSet(operand))],
  ['$pull', (operand) => arrayField('$pull', pull(operand))],
  ['$pullAll', (operand) => arrayField('$pullAll', pullAll(operand))],
]);

function setValue(operand: unknown): FieldChange {
  return (document, path) => {
    setAtPath(document, path, copyValue(operand));
  };
}

function increment(operand: unknown, path: string): FieldChange {
  if (asNumber(operand) === undefined) {
    throw new CommandError('TypeMismatch', `Cannot increment with non-numeric argument: {${path}: ${String(operand)}}`);
  }
  return (document, parts) => {
    const current = fieldAtPath(document, parts);
    if (current !== undefined && asNumber(current) === undefined) {
      throw new CommandError('TypeMismatch', `Cannot apply $inc to the non-numeric field '${path}'`);
    }
    setAtPath(document, parts, current === undefined ? operand : add(current, operand));
  };
}

function keepExtreme(operand: unknown, direction: 1 | -1): FieldChange {
  return (document, path) => {
    const current = fieldAtPath(document, path);
    if (current === undefined || compareValues(operand, current) * direction > 0)
      setAtPath(document, path, copyValue(operand));
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
