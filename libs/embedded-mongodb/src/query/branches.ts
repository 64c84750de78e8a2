import { type Condition, type Filter } from '../filter/filter';

/** One way for a document to match: all these conditions hold. */
export interface Branch {
  readonly conditions: readonly Condition[];
  /** True when nothing else is asked of a document. */
  readonly complete: boolean;
}

/** More alternatives than this are not followed one by one. */
const MAX_BRANCHES = 64;

const ANYTHING: Branch = { conditions: [], complete: false };

/** A filter as alternatives of conditions (its disjunctive normal form), for the planner to find bounds in. */
export function branchesOf(filter: Filter): readonly Branch[] {
  switch (filter.kind) {
    case 'condition':
      return [conditionBranch(filter)];
    case 'and':
      return filter.children.reduce<readonly Branch[]>(
        (all, child) => combine(all, branchesOf(child)),
        [{ conditions: [], complete: true }],
      );
    case 'or': {
      const branches = filter.children.flatMap(branchesOf);
      return branches.length > MAX_BRANCHES ? [ANYTHING] : branches;
    }
    default:
      return [ANYTHING];
  }
}

function combine(left: readonly Branch[], right: readonly Branch[]): readonly Branch[] {
  if (left.length * right.length > MAX_BRANCHES) {
    const kept = right.length === 1 ? right : left;
    return kept.map((branch) => ({ conditions: branch.conditions, complete: false }));
  }
  return left.flatMap((a) =>
    right.map((b) => ({ conditions: [...a.conditions, ...b.conditions], complete: a.complete && b.complete })),
  );
}

/** What an $elemMatch asks of the fields of an element holds for the paths through the array as well. */
function conditionBranch(condition: Condition): Branch {
  if (condition.negated || condition.predicate.operator !== 'elemMatchDocument') {
    return { conditions: [condition], complete: true };
  }
  const [only, ...others] = branchesOf(condition.predicate.filter);
  if (only === undefined || others.length > 0) return ANYTHING;
  const nested = only.conditions.map((inner) => ({
    ...inner,
    path: `${condition.path}.${inner.path}`,
    parts: [...condition.parts, ...inner.parts],
  }));
  return { conditions: nested, complete: false };
}
