import { type BSONRegExp } from 'bson';
import { asNumber, bsonClass, isDocument, type TypedDocument } from '../bson/document';
import { regexParts } from '../bson/compare';
import { CommandError, notSupported } from '../errors';
import { splitPath } from '../bson/path';

/** A filter document in the form that the matcher and the planner share. */
export type Filter =
  | { readonly kind: 'and' | 'or' | 'nor'; readonly children: readonly Filter[] }
  | { readonly kind: 'expression'; readonly expression: unknown }
  | Condition;

export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';

export type Predicate =
  | { readonly operator: Comparison; readonly operand: unknown }
  | { readonly operator: 'in'; readonly operands: readonly unknown[]; readonly patterns: readonly RegExp[] }
  | { readonly operator: 'regex'; readonly pattern: RegExp; readonly source: BSONRegExp | undefined }
  | { readonly operator: 'exists' }
  | { readonly operator: 'type'; readonly types: readonly (string | number)[] }
  | { readonly operator: 'mod'; readonly divisor: number; readonly remainder: number }
  | { readonly operator: 'size'; readonly size: number }
  | { readonly operator: 'all'; readonly predicates: readonly Predicate[] }
  | { readonly operator: 'elemMatchDocument'; readonly filter: Filter }
  | { readonly operator: 'elemMatchValue'; readonly predicates: readonly Signed[] }
  | { readonly operator: 'not'; readonly predicates: readonly Signed[] };

/** A predicate, or its opposite. */
export interface Signed {
  readonly negated: boolean;
  readonly predicate: Predicate;
}

/** Something that must hold (or not, when negated) for the values at a path. */
export interface Condition extends Signed {
  readonly kind: 'condition';
  readonly path: string;
  readonly parts: readonly string[];
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  $eq: 'eq',
  $gt: 'gt',
  $gte: 'gte',
  $lt: 'lt',
  $lte: 'lte',
};

const REFUSED_AT_TOP = new Set(['$where', '$text', '$jsonSchema', '$sampleRate']);
const REFUSED_OPERATORS = new Set([
  '$geoWithin',
  '$geoIntersects',
  '$near',
  '$nearSphere',
  '$within',
  '$bitsAllSet',
  '$bitsAllClear',
  '$bitsAnySet',
  '$bitsAnyClear',
]);

/**
 * Reads a filter document.
 *
 * @throws CommandError for what MongoDB refuses and, loudly, for what this store lacks
 */
export function parseFilter(document: TypedDocument): Filter {
  const children: Filter[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (name === '$and' || name === '$or' || name === '$nor') children.push(parseLogical(name, value));
    else if (name === '$expr') children.push({ kind: 'expression', expression: value });
    else if (name === '$comment') continue;
    else if (REFUSED_AT_TOP.has(name)) throw notSupported(`the query operator ${name}`);
    else if (name.startsWith('$')) throw new CommandError('BadValue', `unknown top level operator: ${name}`);
    else children.push(...parseField(name, value));
  }
  const [only] = children;
  return only !== undefined && children.length === 1 ? only : { kind: 'and', children };
}

function parseLogical(name: '$and' | '$or' | '$nor', value: unknown): Filter {
  if (!Array.isArray(value) || value.length === 0) {
    throw new CommandError('BadValue', `${name} must be a nonempty array`);
  }
  const children = value.map((child: unknown) => {
    if (!isDocument(child)) throw new CommandError('BadValue', `${name} entries need to be full objects`);
    return parseFilter(child);
  });
  return { kind: name === '$and' ? 'and' : name === '$or' ? 'or' : 'nor', children };
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
  if (isRegex(value)) return [{ negated: false, predicate: regexPredicate(value) }];
  if (!isOperatorDocument(value)) return [positive({ operator: 'eq', operand: value })];
  return Object.entries(value)
    .filter(([name]) => name !== '$options' && name !== '$comment')
    .map(([name, operand]) => parseOperator(name, operand, value));
}

function positive(predicate: Predicate): Signed {
  return { negated: false, predicate };
}

function parseOperator(name: string, operand: unknown, siblings: TypedDocument): Signed {
  const comparison = COMPARISONS[name];
  if (comparison !== undefined) return positive({ operator: comparison, operand });
  switch (name) {
    case '$ne':
      return { negated: true, predicate: { operator: 'eq', operand } };
    case '$in':
      return positive(membership(name, operand));
    case '$nin':
      return { negated: true, predicate: membership(name, operand) };
    case '$exists':
      return {
        negated: operand === false || operand === null || asNumber(operand) === 0,
        predicate: { operator: 'exists' },
      };
    case '$not':
      return positive(negation(operand));
    case '$regex':
      return positive(regexPredicate(operand, siblings['$options']));
    case '$elemMatch':
      return positive(elementMatch(operand));
    case '$all':
      return positive({ operator: 'all', predicates: arrayOperand(name, operand).map(allMember) });
    case '$size':
      return positive({ operator: 'size', size: integerOperand(name, operand) });
    case '$type':
      return positive({ operator: 'type', types: (Array.isArray(operand) ? operand : [operand]).map(typeName) });
    case '$mod': {
      const [divisor, remainder] = arrayOperand(name, operand);
      if (asNumber(divisor) === 0) throw new CommandError('BadValue', 'divisor cannot be 0');
      return positive({
        operator: 'mod',
        divisor: integerOperand(name, divisor),
        remainder: integerOperand(name, remainder),
      });
    }
    default:
      if (REFUSED_OPERATORS.has(name)) throw notSupported(`the query operator ${name}`);
      throw new CommandError('BadValue', `unknown operator: ${name}`);
  }
}

function arrayOperand(name: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} needs an array`);
  return operand;
}

function integerOperand(name: string, operand: unknown): number {
  const number = asNumber(operand);
  if (number === undefined || !Number.isFinite(number)) throw new CommandError('BadValue', `${name} needs a number`);
  return Math.trunc(number);
}

function typeName(value: unknown): string | number {
  const name = typeof value === 'string' ? value : asNumber(value);
  if (name === undefined) throw new CommandError('TypeMismatch', 'type must be represented as a number or a string');
  return name;
}

function membership(name: string, operand: unknown): Predicate {
  const values = arrayOperand(name, operand);
  if (values.some(isOperatorDocument)) throw new CommandError('BadValue', `cannot nest $ under ${name}`);
  return {
    operator: 'in',
    operands: values.filter((value) => !isRegex(value)),
    patterns: values.filter(isRegex).map((value) => compilePattern(value)),
  };
}

function negation(operand: unknown): Predicate {
  if (!isRegex(operand) && !isOperatorDocument(operand)) {
    throw new CommandError('BadValue', '$not needs a regex or a document');
  }
  return { operator: 'not', predicates: parsePredicates(operand) };
}

function elementMatch(operand: unknown): Predicate {
  if (!isDocument(operand)) throw new CommandError('BadValue', '$elemMatch needs an Object');
  const [first] = Object.keys(operand);
  const isOnValues = isOperatorDocument(operand) && !['$and', '$or', '$nor', '$expr'].includes(first ?? '');
  return isOnValues
    ? { operator: 'elemMatchValue', predicates: parsePredicates(operand) }
    : { operator: 'elemMatchDocument', filter: parseFilter(operand) };
}

function allMember(value: unknown): Predicate {
  if (isOperatorDocument(value) && '$elemMatch' in value) return elementMatch(value['$elemMatch']);
  return isRegex(value) ? regexPredicate(value) : { operator: 'eq', operand: value };
}

function isRegex(value: unknown): value is BSONRegExp | RegExp {
  return value instanceof RegExp || bsonClass(value) === 'BSONRegExp';
}

function regexPredicate(operand: unknown, options?: unknown): Predicate {
  if (isRegex(operand)) {
    const source = operand instanceof RegExp || options !== undefined ? undefined : operand;
    return { operator: 'regex', pattern: compilePattern(operand, options), source };
  }
  if (typeof operand !== 'string') throw new CommandError('BadValue', '$regex has to be a string');
  return {
    operator: 'regex',
    pattern: compile(operand, typeof options === 'string' ? options : ''),
    source: undefined,
  };
}

function compilePattern(expression: BSONRegExp | RegExp, options?: unknown): RegExp {
  const [pattern, own] = regexParts(expression);
  return compile(pattern, typeof options === 'string' ? options : own);
}

/** PCRE options that JavaScript has under the same letter; `x` (extended) it has not. */
function compile(pattern: string, options: string): RegExp {
  if (options.includes('x')) throw notSupported('the option x of regular expressions');
  const flags = [...new Set(options)].filter((flag) => 'imsu'.includes(flag)).join('');
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new CommandError('Location51091', `Regular expression is invalid: ${String(error)}`);
  }
}
