import { asNumber, bsonClass, isDocument, type TypedDocument } from '../bson/document';
import { compareValues, equalValues } from '../bson/compare';
import { CommandError } from '../errors';
import { isOperatorDocument, parseFilter } from '../filter/filter';
import { compileFilter } from '../filter/matcher';
import { parseSort, sortKey } from '../keys/sort-order';

/** Changes the array at a path; undefined stands for a missing field. Returns undefined to leave it missing. */
export type ArrayChange = (values: readonly unknown[] | undefined) => readonly unknown[] | undefined;

const PUSH_MODIFIERS = new Set(['$each', '$position', '$slice', '$sort']);

/** `$push`, with its modifiers. @throws CommandError */
export function push(operand: unknown): ArrayChange {
  if (!isDocument(operand) || !('$each' in operand)) return (values = []) => [...values, operand];
  const unknown = Object.keys(operand).find((name) => !PUSH_MODIFIERS.has(name));
  if (unknown !== undefined) throw new CommandError('BadValue', `Unrecognized clause in $push: ${unknown}`);
  const added = eachOf('$push', operand);
  const position = asNumber(operand['$position']) ?? Infinity;
  const sort = operand['$sort'] === undefined ? undefined : elementOrder(operand['$sort']);
  const slice = asNumber(operand['$slice']);
  return (values = []) => {
    const result = [...values];
    result.splice(position === Infinity ? result.length : position, 0, ...added);
    if (sort !== undefined) result.sort(sort);
    if (slice === undefined) return result;
    return slice < 0 ? result.slice(slice) : result.slice(0, slice);
  };
}

/** `$addToSet`, with `$each`. */
export function addToSet(operand: unknown): ArrayChange {
  const added = isDocument(operand) && '$each' in operand ? eachOf('$addToSet', operand) : [operand];
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

/** `$pop`: 1 takes the last element, -1 the first. */
export function pop(operand: unknown): ArrayChange {
  const end = asNumber(operand);
  if (end !== 1 && end !== -1) throw new CommandError('FailedToParse', '$pop expects 1 or -1');
  return (values) => (end === 1 ? values?.slice(0, -1) : values?.slice(1));
}

function eachOf(operator: string, operand: TypedDocument): readonly unknown[] {
  const each = operand['$each'];
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

function elementOrder(specification: unknown): (left: unknown, right: unknown) => number {
  const direction = asNumber(specification);
  if (direction !== undefined) return (left, right) => direction * compareValues(left, right);
  const components = parseSort(specification);
  const keyOf = (value: unknown): Buffer => sortKey(isDocument(value) ? value : {}, components);
  return (left, right) => Buffer.compare(keyOf(left), keyOf(right));
}
