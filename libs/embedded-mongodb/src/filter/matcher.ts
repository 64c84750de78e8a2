import { type ObjectId } from 'bson';
import { compareValues, equalValues } from '../bson/compare';
import { asNumber, bsonClass, isDocument, promote, type TypedDocument } from '../bson/document';
import { exactDouble } from '../bson/number-encoding';
import { TYPE, typeOrder } from '../bson/type-order';
import { type Comparison, type Condition, type Filter, type Predicate, type Signed } from './filter';
import { compileExpression } from './expressions';
import { someAtPath, someElementAtPath } from '../bson/path';
import { hasBsonType } from './type-names';

/** Tells whether a document matches. */
export type Matcher = (document: TypedDocument) => boolean;

type ValueTest = (value: unknown) => boolean;

/** Makes the function that tests documents against a filter, with MongoDB's rules for arrays, null and types. */
export function compileFilter(filter: Filter): Matcher {
  switch (filter.kind) {
    case 'condition':
      return compileCondition(filter);
    case 'expression': {
      const evaluate = compileExpression(filter.expression);
      return (document) => isTrue(evaluate(promote(document)));
    }
    default:
      return compileLogical(filter.kind, filter.children.map(compileFilter));
  }
}

function compileLogical(kind: 'and' | 'or' | 'nor', matchers: readonly Matcher[]): Matcher {
  switch (kind) {
    case 'and':
      return (document) => matchers.every((matches) => matches(document));
    case 'or':
      return (document) => matchers.some((matches) => matches(document));
    case 'nor':
      return (document) => !matchers.some((matches) => matches(document));
  }
}

/** The truth of an aggregation expression: everything but false, 0, null and missing. */
function isTrue(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && asNumber(value) !== 0;
}

function compileCondition(condition: Condition): Matcher {
  const matches = compilePredicate(condition.predicate, condition.parts);
  return condition.negated ? (document) => !matches(document) : matches;
}

function compilePredicate(predicate: Predicate, path: readonly string[]): Matcher {
  switch (predicate.operator) {
    case 'exists':
      return (document) => someAtPath(document, path, (value) => value !== undefined);
    case 'size':
      return onArrays(path, (values) => values.length === predicate.size);
    case 'elemMatchDocument': {
      const matches = compileFilter(predicate.filter);
      return onArrays(path, (values) =>
        values.some((value) => (isDocument(value) || Array.isArray(value)) && matches(value as TypedDocument)),
      );
    }
    case 'elemMatchValue': {
      const tests = predicate.predicates.map(elementTest);
      return onArrays(path, (values) => values.some((value) => tests.every((test) => test(value))));
    }
    case 'not': {
      const matchers = predicate.predicates.map((signed) => signedMatcher(signed, path));
      return (document) => !matchers.every((matches) => matches(document));
    }
    case 'all': {
      const matchers = predicate.predicates.map((member) => compilePredicate(member, path));
      return (document) => matchers.length > 0 && matchers.every((matches) => matches(document));
    }
    default: {
      const test = valueTest(predicate);
      return (document) => someElementAtPath(document, path, test);
    }
  }
}

function signedMatcher({ negated, predicate }: Signed, path: readonly string[]): Matcher {
  const matches = compilePredicate(predicate, path);
  return negated ? (document) => !matches(document) : matches;
}

function onArrays(path: readonly string[], test: (values: readonly unknown[]) => boolean): Matcher {
  return (document) => someAtPath(document, path, (value) => Array.isArray(value) && test(value));
}

/** The operators of an $elemMatch on values see each element as a field of its own. */
function elementTest(signed: Signed): ValueTest {
  const matches = signedMatcher(signed, ['element']);
  return (value) => matches({ element: value });
}

function valueTest(
  predicate: Extract<Predicate, { operator: Comparison | 'in' | 'regex' | 'type' | 'mod' }>,
): ValueTest {
  switch (predicate.operator) {
    case 'in':
      return membershipTest(predicate.operands, predicate.patterns);
    case 'regex':
      return regexTest(predicate.pattern, predicate.source);
    case 'type':
      return (value) => value !== undefined && predicate.types.some((type) => hasBsonType(value, type));
    case 'mod':
      return (value) => {
        const number = asNumber(value);
        return number !== undefined && Math.trunc(number) % predicate.divisor === predicate.remainder;
      };
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

function regexTest(pattern: RegExp, source: unknown): ValueTest {
  return (value) => {
    if (typeof value === 'string') return pattern.test(value);
    if (bsonClass(value) === 'BSONSymbol') return pattern.test(String(value));
    return source !== undefined && typeOrder(value) === TYPE.regex && equalValues(source, value);
  };
}
