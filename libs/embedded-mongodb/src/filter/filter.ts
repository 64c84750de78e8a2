import { type BSONRegExp } from 'bson';
import { regexParts } from '../bson/compare';
import { asNumber, bsonClass, isDocument, type TypedDocument } from '../bson/document';
import { splitPath } from '../bson/path';
import { CommandError, notSupported } from '../errors';

/** A filter document in the form that the matcher and the planner share. */
export type Filter = { readonly kind: 'and' | 'or'; readonly children: readonly Filter[] } | Condition;

export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';

export type Predicate =
  | { readonly operator: Comparison; readonly operand: unknown }
  | { readonly operator: 'in'; readonly operands: readonly unknown[]; readonly patterns: readonly RegExp[] }
  | { readonly operator: 'regex'; readonly pattern: RegExp }
  | { readonly operator: 'exists' }
  | { readonly operator: 'elemMatch'; readonly filter: Filter };

/** A predicate, or its opposite. */
interface Signed {
  readonly negated: boolean;
  readonly predicate: Predicate;
}

/** Something that must hold (or not, when negated) for the values at a path. */
export interface Condition extends Signed {
  readonly kind: 'condition';
  readonly path: string;
  readonly parts: readonly string[];
}

/**
 * Reads a filter document.
 *
 * @throws CommandError for what MongoDB refuses and, loudly, for what this store lacks
 */
export function parseFilter(document: TypedDocument): Filter {
  const children: Filter[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (name === '$and' || name === '$or') children.push(parseLogical(name, value));
    else if (name === '$comment') continue;
    else if (name.startsWith('$')) throw notSupported(`the query operator ${name}`);
    else children.push(...parseField(name, value));
  }
  const [only] = children;
  return only !== undefined && children.length === 1 ? only : { kind: 'and', children };
}

function parseLogical(name: '$and' | '$or', value: unknown): Filter {
  if (!Array.isArray(value) || value.length === 0) {
    throw new CommandError('BadValue', `${name} must be a nonempty array`);
  }
  const children = value.map((child: unknown) => {
    if (!isDocument(child)) throw new CommandError('BadValue', `${name} entries need to be full objects`);
    return parseFilter(child);
  });
  return { kind: name === '$and' ? 'and' : 'or', children };
}

function parseField(path: string, value: unknown): Condition[] {
  const parts = splitPath(path);
  return parsePredicates(value).map((signed) => ({ kind: 'condition', path, parts, ...signed }));
}

/** True for a document of operators such as `{$gt: 1}`. */
export function isOperatorDocument(value: unknown): value is TypedDocument {
  if (!isDocument(value) || bsonClass(value) !== undefined) return false;
  const [first] = Object.keys(value);
  return first?.startsWith('$') === true;
}

function parsePredicates(value: unknown): Signed[] {
  if (isRegex(value)) return [positive({ operator: 'regex', pattern: compilePattern(value) })];
  if (!isOperatorDocument(value)) return [positive({ operator: 'eq', operand: value })];
  return Object.entries(value)
    .filter(([name]) => name !== '$options' && name !== '$comment')
    .map(([name, operand]) => parseOperator(name, operand, value));
}

const positive = (predicate: Predicate): Signed => ({ negated: false, predicate });

function parseOperator(name: string, operand: unknown, siblings: TypedDocument): Signed {
  switch (name) {
    case '$eq':
      return positive({ operator: 'eq', operand });
    case '$gt':
      return positive({ operator: 'gt', operand });
    case '$gte':
      return positive({ operator: 'gte', operand });
    case '$lt':
      return positive({ operator: 'lt', operand });
    case '$lte':
      return positive({ operator: 'lte', operand });
    case '$ne':
      return { negated: true, predicate: { operator: 'eq', operand } };
    case '$in':
    case '$nin':
      return { negated: name === '$nin', predicate: membership(name, operand) };
    case '$exists':
      return {
        negated: operand === false || operand === null || asNumber(operand) === 0,
        predicate: { operator: 'exists' },
      };
    case '$regex':
      return positive({ operator: 'regex', pattern: compilePattern(operand, siblings['$options']) });
    case '$elemMatch':
      return positive(elementMatch(operand));
    default:
      throw notSupported(`the query operator ${name}`);
  }
}

function membership(name: string, operand: unknown): Predicate {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} needs an array`);
  if (operand.some(isOperatorDocument)) throw new CommandError('BadValue', `cannot nest $ under ${name}`);
  return {
    operator: 'in',
    operands: operand.filter((value) => !isRegex(value)),
    patterns: operand.filter(isRegex).map((value) => compilePattern(value)),
  };
}

function elementMatch(operand: unknown): Predicate {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  return { operator: 'elemMatch', filter: parseFilter(operand) };
}

function isRegex(value: unknown): value is BSONRegExp | RegExp {
  return value instanceof RegExp || bsonClass(value) === 'BSONRegExp';
}

/** PCRE options that JavaScript has under the same letter; `x` (extended) it has not. */
function compilePattern(expression: unknown, given?: unknown): RegExp {
  if (!isRegex(expression) && typeof expression !== 'string') {
    throw new CommandError('BadValue', '$regex has to be a string');
  }
  const [pattern, own] = typeof expression === 'string' ? [expression, ''] : regexParts(expression);
  const options = typeof given === 'string' ? given : own;
  if (options.includes('x')) throw notSupported('the option x of regular expressions');
  const flags = [...new Set(options)].filter((flag) => 'imsu'.includes(flag)).join('');
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new CommandError('Location51091', `Regular expression is invalid: ${String(error)}`);
  }
}
