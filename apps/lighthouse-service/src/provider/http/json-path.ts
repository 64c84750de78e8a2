import { jsonpath, JSONPathEnvironment, JSONPathError, type JSONPathQuery } from 'json-p3';

/** A JSONPath (RFC 9535) that reads an answer a few times at most. */
export type JsonPath = JSONPathQuery;

/** Without `match` and `search`: a pattern can be made so that it is tried for hours. */
const environment = new JSONPathEnvironment();
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** In characters, and in segments: several times what the path of a figure needs. */
const LONGEST_PATH = 300;
const MOST_SEGMENTS = 16;

/** Each may go through the whole answer. */
const MOST_SEARCHES = 4;

/** A path that cannot be used. The message is what follows after its name. */
export class UnusablePath extends Error {}

/**
 * Reads a path. One that finds the same node in several ways multiplies the answer with each segment, and a filter that looks beyond its
 * node reads the answer once for each of its nodes: both are refused.
 *
 * @throws UnusablePath
 */
export function jsonPath(text: string): JsonPath {
  if (text.length > LONGEST_PATH) throw new UnusablePath(`is longer than ${LONGEST_PATH} characters`);
  const path = compiled(text);
  const { segments } = path;
  if (segments.length > MOST_SEGMENTS) throw new UnusablePath(`has more than ${MOST_SEGMENTS} segments`);
  if (segments.filter(isDescendant).length > 1) throw new UnusablePath('has ".." more than once');
  if (segments.some(({ selectors }) => selectors.length > 1)) {
    throw new UnusablePath('has several selectors in one pair of brackets');
  }
  if (segments.filter((segment) => !isSingular(segment)).length > MOST_SEARCHES) {
    throw new UnusablePath(`has more than ${MOST_SEARCHES} of "..", "*", slices and filters`);
  }
  if (!segments.flatMap(({ selectors }) => selectors).every(looksAtItsNode)) {
    throw new UnusablePath('has a filter with more than single values below @, such as @.* or $.a');
  }
  return path;
}

function compiled(text: string): JSONPathQuery {
  try {
    return environment.compile(text);
  } catch (error) {
    if (error instanceof JSONPathError) throw new UnusablePath(`cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

const { FilterSelector, IndexSelector, NameSelector } = jsonpath.selectors;
const { FilterQuery, FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression, RelativeQuery } =
  jsonpath.expressions;

/** The library has no other way to tell. */
const isDescendant = (segment: jsonpath.JSONPathSegment): boolean => segment.toString().startsWith('..');

const isSingular = (segment: jsonpath.JSONPathSegment): boolean =>
  !isDescendant(segment) &&
  segment.selectors.every((selector) => selector instanceof NameSelector || selector instanceof IndexSelector);

const looksAtItsNode = (selector: jsonpath.JSONPathSelector): boolean =>
  !(selector instanceof FilterSelector) ||
  queriesIn(selector.expression).every((query) => query instanceof RelativeQuery && query.path.singularQuery());

function queriesIn(expression: jsonpath.expressions.FilterExpression): readonly jsonpath.expressions.FilterQuery[] {
  if (expression instanceof FilterQuery) return [expression];
  if (expression instanceof LogicalExpression) return queriesIn(expression.expression);
  if (expression instanceof PrefixExpression) return queriesIn(expression.right);
  if (expression instanceof InfixExpression) return [expression.left, expression.right].flatMap(queriesIn);
  return expression instanceof FunctionExtension ? expression.args.flatMap(queriesIn) : [];
}
