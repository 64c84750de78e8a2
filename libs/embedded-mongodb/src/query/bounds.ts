import { TYPE, typeOrder } from '../bson/type-order';
import { exactDouble } from '../bson/number-encoding';
import { encodeValue, successor } from '../keys/key-encoding';
import { MAX_ENCODED_KEY } from '../keys/index-definition';
import { type Comparison, type Condition, type Predicate } from '../filter/filter';
import { type Interval, intersect, pointInterval, prefixInterval, union } from './intervals';

/** Where the index keys of matching documents lie. */
export interface Bounds {
  readonly intervals: readonly Interval[];
  /** True when every key within belongs to a match, so that documents need not be read to know. */
  readonly exact: boolean;
}

const NULL_POINT: Bounds = { intervals: [pointInterval(Buffer.from([TYPE.null]))], exact: false };
const LOWEST_NUMBER = encodeValue(-Infinity);

/**
 * The keys that a document matching the condition has at its path: at least one key lies in the intervals.
 *
 * @returns undefined when the condition does not limit the keys
 */
export function conditionBounds(condition: Condition): Bounds | undefined {
  if (condition.negated) return condition.predicate.operator === 'exists' ? NULL_POINT : undefined;
  return predicateBounds(condition.predicate);
}

function predicateBounds(predicate: Predicate): Bounds | undefined {
  switch (predicate.operator) {
    case 'eq':
      return equalityBounds(predicate.operand);
    case 'in':
      return predicate.patterns.length > 0 ? undefined : anyOf(predicate.operands.map(equalityBounds));
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return rangeBounds(predicate.operator, predicate.operand);
    default:
      return undefined;
  }
}

/** The union, unless one alternative is without bounds. */
function anyOf(alternatives: readonly (Bounds | undefined)[]): Bounds | undefined {
  if (alternatives.some((bounds) => bounds === undefined)) return undefined;
  const known = alternatives.filter((bounds) => bounds !== undefined);
  return {
    intervals: union(known.flatMap((bounds) => bounds.intervals)),
    exact: known.every((bounds) => bounds.exact),
  };
}

/** The intersection of those that have bounds; undefined when none has. */
export function allOf(parts: readonly (Bounds | undefined)[]): Bounds | undefined {
  const known = parts.filter((bounds) => bounds !== undefined);
  const [first, ...rest] = known;
  if (first === undefined) return undefined;
  return rest.reduce<Bounds>(
    (both, next) => ({ intervals: intersect(both.intervals, next.intervals), exact: both.exact && next.exact }),
    { intervals: first.intervals, exact: first.exact && known.length === parts.length },
  );
}

function equalityBounds(operand: unknown): Bounds | undefined {
  const type = typeOrder(operand);
  if (type === TYPE.null) return NULL_POINT;
  // An array equals a whole array, of which an index only has the elements.
  if (type === TYPE.array) return undefined;
  const encoded = encodeValue(operand, MAX_ENCODED_KEY);
  if (encoded.length >= MAX_ENCODED_KEY) return { intervals: [prefixInterval(encoded)], exact: false };
  return { intervals: [pointInterval(encoded)], exact: true };
}

function rangeBounds(operator: Exclude<Comparison, 'eq'>, operand: unknown): Bounds | undefined {
  const type = typeOrder(operand);
  if (type === TYPE.null) return NULL_POINT;
  if (type === TYPE.array || type === TYPE.minKey || type === TYPE.maxKey) return undefined;
  if (type === TYPE.number && Number.isNaN(exactDouble(operand) ?? Number(String(operand)))) return undefined;
  const encoded = encodeValue(operand, MAX_ENCODED_KEY);
  const exact = encoded.length < MAX_ENCODED_KEY;
  const above = successor(encoded);
  const isLower = operator === 'gt' || operator === 'gte';
  const low = isLower
    ? operator === 'gt' && exact && above !== undefined
      ? above
      : encoded
    : type === TYPE.number
      ? LOWEST_NUMBER
      : Buffer.from([type]);
  const high = isLower ? Buffer.from([type + 1]) : operator === 'lt' && exact ? encoded : above;
  return { intervals: union([{ low, high, point: false }]), exact };
}
