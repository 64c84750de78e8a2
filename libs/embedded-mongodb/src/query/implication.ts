import { compareValues, equalValues } from '../bson/compare';
import { TYPE, typeOrder } from '../bson/type-order';
import { type Branch } from './branches';
import { type Comparison, type Condition, type Filter, type Predicate } from '../filter/filter';

/** True when every document that matches the branch also matches the filter (of a partial index). */
export function branchImplies(branch: Branch, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.children.every((child) => branchImplies(branch, child));
    case 'or':
      return filter.children.some((child) => branchImplies(branch, child));
    case 'condition':
      return branch.conditions.some((known) => known.path === filter.path && conditionImplies(known, filter));
  }
}

/** True when a document that matches the condition has a value other than null at its path. */
export function excludesMissing(condition: Condition): boolean {
  if (condition.negated) return condition.predicate.operator === 'eq' && isNull(condition.predicate.operand);
  const { predicate } = condition;
  switch (predicate.operator) {
    case 'eq':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return (
        !isNull(predicate.operand) &&
        typeOrder(predicate.operand) !== TYPE.minKey &&
        typeOrder(predicate.operand) !== TYPE.maxKey
      );
    case 'in':
      return !predicate.operands.some(isNull);
    default:
      return true;
  }
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function conditionImplies(known: Condition, wanted: Condition): boolean {
  if (known.negated !== wanted.negated) {
    return !wanted.negated && wanted.predicate.operator === 'exists' && excludesMissing(known);
  }
  if (known.negated) return samePredicate(known.predicate, wanted.predicate);
  if (wanted.predicate.operator === 'exists') return known.predicate.operator === 'exists' || excludesMissing(known);
  return predicateImplies(known.predicate, wanted.predicate);
}

function samePredicate(known: Predicate, wanted: Predicate): boolean {
  if (known.operator === 'exists' && wanted.operator === 'exists') return true;
  return known.operator === 'eq' && wanted.operator === 'eq' && equalValues(known.operand, wanted.operand);
}

/** Only for scalars: an array that matches two ranges may do so with different elements, but each one by itself. */
function predicateImplies(known: Predicate, wanted: Predicate): boolean {
  if (known.operator === 'in' && known.patterns.length === 0) {
    return (
      known.operands.length > 0 &&
      known.operands.every((operand) => predicateImplies({ operator: 'eq', operand }, wanted))
    );
  }
  if (!isComparison(known)) return false;
  if (wanted.operator === 'in')
    return known.operator === 'eq' && wanted.operands.some((operand) => equalValues(operand, known.operand));
  if (!isComparison(wanted) || typeOrder(known.operand) !== typeOrder(wanted.operand)) return false;
  return rangeImplies(known.operator, compareValues(known.operand, wanted.operand), wanted.operator);
}

function isComparison(predicate: Predicate): predicate is { operator: Comparison; operand: unknown } {
  return ['eq', 'gt', 'gte', 'lt', 'lte'].includes(predicate.operator);
}

/** @param order of the known operand against the wanted one */
function rangeImplies(known: Comparison, order: number, wanted: Comparison): boolean {
  switch (wanted) {
    case 'eq':
      return known === 'eq' && order === 0;
    case 'gt':
      return (order > 0 && (known === 'eq' || known === 'gte')) || (known === 'gt' && order >= 0);
    case 'gte':
      return order >= 0 && (known === 'eq' || known === 'gt' || known === 'gte');
    case 'lt':
      return (order < 0 && (known === 'eq' || known === 'lte')) || (known === 'lt' && order <= 0);
    case 'lte':
      return order <= 0 && (known === 'eq' || known === 'lt' || known === 'lte');
  }
}
