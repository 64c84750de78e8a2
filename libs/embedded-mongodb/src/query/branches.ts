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
      return [{ conditions: [filter], complete: true }];
    case 'and':
      return filter.children.reduce<readonly Branch[]>(
        (all, child) => combine(all, branchesOf(child)),
        [{ conditions: [], complete: true }],
      );
    case 'or': {
      const branches = filter.children.flatMap(branchesOf);
      return branches.length > MAX_BRANCHES ? [ANYTHING] : branches;
    }
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
