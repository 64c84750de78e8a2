import { type IndexDefinition, type KeyComponent } from '../keys/index-definition';
import { type Branch, branchesOf } from './branches';
import { type Filter, parseFilter } from '../filter/filter';
import { branchImplies, excludesMissing } from './implication';
import { type IndexPlan, planIndex } from './index-plan';
import { compileFilter, type Matcher } from '../filter/matcher';

/** What a query asks for. */
export interface QuerySpecification {
  readonly filter: Filter;
  readonly sort: readonly KeyComponent[];
  readonly skip: number;
  /** The number of documents wanted; 0 for all. */
  readonly limit: number;
}

/** How a query is answered. */
export interface QueryPlan {
  readonly specification: QuerySpecification;
  /** The index read; undefined for a scan of all documents. */
  readonly access: IndexPlan | undefined;
  /** Tests what the index does not decide; undefined when the index decides all. */
  readonly residual: Matcher | undefined;
  /** True when the matches have to be collected and sorted. */
  readonly blockingSort: boolean;
  /** False for a query that no document can match. */
  readonly possible: boolean;
}

/** Counts the entries in the ranges of a plan, up to a limit. */
export type EntryProbe = (plan: IndexPlan, limit: number) => number;

/** Entries counted to compare candidates. */
const PROBE_LIMIT = 100;
/** What a plan is assumed to read when it holds more entries than were counted. */
const MANY = 1_000_000;
/** Documents assumed to be read for a wanted one when the index does not decide the filter. */
const READS_PER_MATCH = 10;

/** Chooses how to answer a query. */
export function planQuery(
  specification: QuerySpecification,
  indexes: readonly IndexDefinition[],
  probe: EntryProbe,
): QueryPlan {
  const branches = branchesOf(specification.filter);
  const access = chooseIndex(specification, branches, indexes, probe);
  const matchesAll = specification.filter.kind === 'and' && specification.filter.children.length === 0;
  const decided = access === undefined ? matchesAll : access.exact;
  return {
    specification,
    access,
    residual: decided ? undefined : compileFilter(specification.filter),
    blockingSort: specification.sort.length > 0 && access?.sorted !== true,
    possible: access === undefined || access.groups.length > 0,
  };
}

function chooseIndex(
  specification: QuerySpecification,
  branches: readonly Branch[],
  indexes: readonly IndexDefinition[],
  probe: EntryProbe,
): IndexPlan | undefined {
  const isSorted = specification.sort.length > 0;
  const plans = indexes
    .filter((index) => (isSorted || isLimited(index, branches)) && index.ready && isUsable(index, branches))
    .map((index) => planIndex(index, branches, specification.sort));
  const helpful = plans.filter((plan) => plan.points > 0 || plan.ranged || (plan.sorted && isSorted));
  return cheapest(helpful, specification, probe);
}

/** False for an index of which all entries would have to be read. */
function isLimited({ components: [first] }: IndexDefinition, branches: readonly Branch[]): boolean {
  return branches.every(({ conditions }) => conditions.some(({ path }) => path === first?.path));
}

/** A sparse or partial index may only answer queries whose matches it holds all. */
function isUsable(index: IndexDefinition, branches: readonly Branch[]): boolean {
  if (index.partialFilter !== undefined) {
    const filter = parseFilter(index.partialFilter);
    if (!branches.every((branch) => branchImplies(branch, filter))) return false;
  }
  if (!index.sparse) return true;
  const paths = index.components.map(({ path }) => path);
  return branches.every((branch) =>
    branch.conditions.some((condition) => paths.includes(condition.path) && excludesMissing(condition)),
  );
}

function cheapest(
  plans: readonly IndexPlan[],
  specification: QuerySpecification,
  probe: EntryProbe,
): IndexPlan | undefined {
  const decisive = plans.find((plan) => plan.index.unique && plan.points === plan.index.components.length);
  if (decisive !== undefined) return decisive;
  const ideal = plans.filter((plan) => plan.exact && plan.sorted);
  if (ideal.length > 0) return best(ideal, (plan) => -plan.points * 2 - Number(plan.ranged));
  if (plans.length <= 1) return plans[0];
  return best(plans, (plan) => estimateCost(plan, specification, probe));
}

function best(plans: readonly IndexPlan[], cost: (plan: IndexPlan) => number): IndexPlan | undefined {
  const costs = plans.map((plan) => ({ plan, cost: cost(plan) }));
  costs.sort((a, b) => a.cost - b.cost || a.plan.index.components.length - b.plan.index.components.length);
  return costs[0]?.plan;
}

/** Entries and documents expected to be read. */
function estimateCost(plan: IndexPlan, specification: QuerySpecification, probe: EntryProbe): number {
  const counted = probe(plan, PROBE_LIMIT);
  const entries = counted < PROBE_LIMIT ? counted : MANY / 10 ** (plan.points + Number(plan.ranged) / 2);
  if (!plan.sorted) return entries * 2;
  const wanted = specification.limit === 0 ? Infinity : specification.skip + specification.limit;
  return Math.min(entries, plan.exact ? wanted : wanted * READS_PER_MATCH);
}
