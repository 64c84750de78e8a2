import { type ObjectId } from 'bson';
import { compareValues, equalValues } from '../bson/compare';
import { bsonClass, isDocument, type TypedDocument } from '../bson/document';
import { exactDouble } from '../bson/number-encoding';
import { someAtPath, someElementAtPath } from '../bson/path';
import { TYPE, typeOrder } from '../bson/type-order';
import { type Comparison, type Condition, type Filter, type Predicate } from './filter';

/** Tells whether a document matches. */
export type Matcher = (document: TypedDocument) => boolean;

type ValueTest = (value: unknown) => boolean;

/** Makes the function that tests documents against a filter, with MongoDB's rules for arrays, null and types. */
export function compileFilter(filter: Filter): Matcher {
  if (filter.kind === 'condition') return compileCondition(filter);
  const matchers = filter.children.map(compileFilter);
  return filter.kind === 'and'
    ? (document) => matchers.every((matches) => matches(document))
    : (document) => matchers.some((matches) => matches(document));
}

function compileCondition({ predicate, parts, negated }: Condition): Matcher {
  const matches = compilePredicate(predicate, parts);
  return negated ? (document) => !matches(document) : matches;
}

function compilePredicate(predicate: Predicate, path: readonly string[]): Matcher {
  switch (predicate.operator) {
    case 'exists':
      return (document) => someAtPath(document, path, (value) => value !== undefined);
    case 'elemMatch': {
      const matches = compileFilter(predicate.filter);
      const isMatch = (element: unknown): boolean => isDocument(element) && matches(element);
      return (document) => someAtPath(document, path, (value) => Array.isArray(value) && value.some(isMatch));
    }
    default: {
      const test = valueTest(predicate);
      return (document) => someElementAtPath(document, path, test);
    }
  }
}

function valueTest(predicate: Extract<Predicate, { operator: Comparison | 'in' | 'regex' }>): ValueTest {
  switch (predicate.operator) {
    case 'in':
      return membershipTest(predicate.operands, predicate.patterns);
    case 'regex':
      return (value) => typeof value === 'string' && predicate.pattern.test(value);
    default:
      return comparisonTest(predicate.operator, predicate.operand);
  }
}

const ORDER_TESTS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/** MongoDB compares within a type only, except with MinKey and MaxKey; nothing is above or below NaN or null. */
function comparisonTest(operator: Comparison, operand: unknown): ValueTest {
  const type = typeOrder(operand);
  const passes = ORDER_TESTS[operator];
  if (type === TYPE.null) return (value) => passes(0) && (value === null || value === undefined);
  if (type === TYPE.minKey || type === TYPE.maxKey) {
    return (value) => value !== undefined && passes(compareValues(value, operand));
  }
  if (type === TYPE.number && operator !== 'eq') return numberTest(operator, operand);
  return (value) => typeOrder(value) === type && passes(compareValues(value, operand));
}

function numberTest(operator: Comparison, operand: unknown): ValueTest {
  const passes = ORDER_TESTS[operator];
  const operandIsNaN = isNaNValue(operand);
  return (value) => {
    if (typeOrder(value) !== TYPE.number) return false;
    if (operandIsNaN || isNaNValue(value)) return passes(0) && operandIsNaN && isNaNValue(value);
    return passes(compareValues(value, operand));
  };
}

function isNaNValue(value: unknown): boolean {
  const number = exactDouble(value);
  return number === undefined ? String(value) === 'NaN' : Number.isNaN(number);
}

/** Above this many members a set of ids pays off. */
const LARGE_MEMBERSHIP = 8;

function membershipTest(operands: readonly unknown[], patterns: readonly RegExp[]): ValueTest {
  const strings = new Set(operands.filter((operand) => typeof operand === 'string'));
  const others = operands.filter((operand) => typeof operand !== 'string');
  const acceptsNull = others.some((operand) => operand === null || operand === undefined);
  const identifiers = others.length > LARGE_MEMBERSHIP ? identifierSet(others) : undefined;
  return (value) => {
    if (typeof value === 'string') return strings.has(value) || patterns.some((pattern) => pattern.test(value));
    if (value === null || value === undefined) return acceptsNull;
    if (identifiers !== undefined && bsonClass(value) === 'ObjectId') return identifiers.has(identifierText(value));
    return others.some((operand) => operand !== null && operand !== undefined && equalValues(operand, value));
  };
}

function identifierSet(operands: readonly unknown[]): ReadonlySet<string> {
  return new Set(operands.filter((operand) => bsonClass(operand) === 'ObjectId').map(identifierText));
}

function identifierText(value: unknown): string {
  return (value as ObjectId).toHexString();
}
