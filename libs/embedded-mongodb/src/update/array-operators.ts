import { bsonClass, isDocument } from '../bson/document';
import { equalValues } from '../bson/compare';
import { CommandError, notSupported } from '../errors';
import { isOperatorDocument, parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';

/** Changes the array at a path; undefined stands for a missing field. Returns undefined to leave it missing. */
export type ArrayChange = (values: readonly unknown[] | undefined) => readonly unknown[] | undefined;

/** `$push`, with `$each`. @throws CommandError */
export function push(operand: unknown): ArrayChange {
  const added = addedBy('$push', operand);
  return (values = []) => [...values, ...added];
}

/** `$addToSet`, with `$each`. */
export function addToSet(operand: unknown): ArrayChange {
  const added = addedBy('$addToSet', operand);
  return (values = []) => {
    const result = [...values];
    for (const value of added) {
      if (!result.some((known) => equalValues(known, value))) result.push(value);
    }
    return result;
  };
}

/** `$pull`: elements that equal a value or match a condition. */
export function pull(operand: unknown): ArrayChange {
  const matches = pullTest(operand);
  return (values) => values?.filter((value) => !matches(value));
}

/** `$pullAll`. */
export function pullAll(operand: unknown): ArrayChange {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', '$pullAll requires an array argument');
  return (values) => values?.filter((value) => !operand.some((unwanted) => equalValues(unwanted, value)));
}

function addedBy(operator: string, operand: unknown): readonly unknown[] {
  if (!isDocument(operand) || !('$each' in operand)) return [operand];
  const { $each: each, ...modifiers } = operand;
  const [modifier] = Object.keys(modifiers);
  if (modifier !== undefined) throw notSupported(`${modifier} of the update operator ${operator}`);
  if (!Array.isArray(each)) throw new CommandError('BadValue', `The argument to $each in ${operator} must be an array`);
  return each;
}

function pullTest(operand: unknown): (value: unknown) => boolean {
  if (isOperatorDocument(operand) || bsonClass(operand) === 'BSONRegExp') {
    const matches = compileFilter(parseFilter({ element: operand }));
    return (value) => matches({ element: value });
  }
  if (!isDocument(operand)) return (value) => equalValues(value, operand);
  const matches = compileFilter(parseFilter(operand));
  return (value) => isDocument(value) && matches(value);
}
