import { type IndexDefinition, type KeyComponent } from '../keys/index-definition';
import { type Branch, branchesOf } from './branches';
import { type Filter, parseFilter } from '../filter/filter';
import { type FieldSelection, selectFields } from './field-selection';
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

/** A test of documents. */
export interface Residual {
  readonly matches: Matcher;
  /** Takes from a document what the test looks at. */
  readonly select: FieldSelection;
}

/** How a query is answered. */
export interface QueryPlan {
  readonly specification: QuerySpecification;
  /** The index read; undefined for a scan of all documents. */
  readonly access: IndexPlan | undefined;
  /** Tests what the index does not decide; undefined when the index decides all. */
  readonly residual: Residual | undefined;
  /** True when the matches have to be collected and sorted. */
  readonly blockingSort: boolean;
  /** False for a query that no document can match. */
  readonly possible: boolean;
}

/** Counts the entries in the ranges of a plan, up to a limit. */
export type EntryProbe = (plan: IndexPlan, limit: number) => number;

/** A plan that reads fewer entries than this is good enough to look for no better one. */
const FEW = 16;
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
    residual: decided ? undefined : residualOf(specification.filter),
    blockingSort: specification.sort.length > 0 && access?.sorted !== true,
    possible: access === undefined || access.groups.length > 0,
  };
}

function residualOf(filter: Filter): Residual {
  const fields = new Set<string>();
  const collect = (part: Filter): void => {
    if (part.kind === 'condition') fields.add(part.parts[0] ?? '');
    else part.children.forEach(collect);
  };
  collect(filter);
  return { matches: compileFilter(filter), select: (document) => selectFields(document, fields) };
}

function chooseIndex(
  specification: QuerySpecification,
  branches: readonly Branch[],
  indexes: readonly IndexDefinition[],
  probe: EntryProbe,
): IndexPlan | undefined {
  return cheapest(helpfulPlans(specification, branches, indexes), specification, probe);
}

/** The most promising first; each is made when it is asked for, since a query rarely needs to look at all. */
function* helpfulPlans(
  { sort }: QuerySpecification,
  branches: readonly Branch[],
  indexes: readonly IndexDefinition[],
): Generator<IndexPlan, void> {
  const isSorted = sort.length > 0;
  const limits = new Map(indexes.map((index) => [index, limitedComponents(index, branches)]));
  const promising = indexes
    .filter((index) => isSorted || limits.get(index) !== 0)
    .sort((a, b) => (limits.get(b) ?? 0) - (limits.get(a) ?? 0) || a.components.length - b.components.length);
  for (const index of promising) {
    if (!index.ready || !isUsable(index, branches)) continue;
    const plan = planIndex(index, branches, sort);
    if (plan.points > 0 || plan.ranged || (plan.sorted && isSorted)) yield plan;
  }
}

/** How many leading components have conditions; with none, all entries of the index would have to be read. */
function limitedComponents({ components }: IndexDefinition, branches: readonly Branch[]): number {
  const isFree = (component: KeyComponent): boolean =>
    !branches.every(({ conditions }) => conditions.some(({ path }) => path === component.path));
  const first = components.findIndex(isFree);
  return first < 0 ? components.length : first;
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
  plans: Iterable<IndexPlan>,
  specification: QuerySpecification,
  probe: EntryProbe,
): IndexPlan | undefined {
  const rivals: IndexPlan[] = [];
  for (const plan of plans) {
    const isDecisive = plan.index.unique && plan.points === plan.index.components.length;
    const isIdeal = plan.exact && plan.sorted;
    if (isDecisive || isIdeal || probe(plan, FEW) < FEW) return plan;
    rivals.push(plan);
  }
  return rivals.length <= 1 ? rivals[0] : best(rivals, (plan) => estimateCost(plan, specification, probe));
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
