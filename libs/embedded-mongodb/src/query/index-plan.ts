import { MAX_ENCODED_KEY, type IndexDefinition, type KeyComponent } from '../keys/index-definition';
import { successor } from '../keys/key-encoding';
import { allOf, type Bounds, conditionBounds } from './bounds';
import { type Branch } from './branches';
import { complement, type Interval } from './intervals';

/** A stretch of index keys: from `low` up to, not including, `high` (undefined: the end of the index). */
export interface KeyRange {
  readonly low: Buffer;
  readonly high: Buffer | undefined;
}

/** Ranges that lie one after the other. Entries of different groups are merged by what follows the prefix. */
export interface RangeGroup {
  readonly prefixLength: number;
  readonly ranges: readonly KeyRange[];
}

/** How to read an index for a query. */
export interface IndexPlan {
  readonly index: IndexDefinition;
  readonly groups: readonly RangeGroup[];
  readonly reverse: boolean;
  /** True when the entries come in the order that the query asks for. */
  readonly sorted: boolean;
  /** True when every entry belongs to a matching document. */
  readonly exact: boolean;
  /** Leading components limited to single values. */
  readonly points: number;
  /** True when the component after those is limited to a range. */
  readonly ranged: boolean;
}

/** Products of $in lists beyond this are not spelled out. */
const MAX_RANGES = 512;
/** Merging more ordered streams than this costs more than sorting. */
const MAX_MERGED_GROUPS = 256;

interface BranchRange extends KeyRange {
  /** The length of `low` after 0, 1, 2... components that are limited to one value. */
  readonly prefixLengths: readonly number[];
}

interface BranchPlan {
  readonly ranges: readonly BranchRange[];
  readonly points: number;
  readonly ranged: boolean;
  readonly exact: boolean;
}

/** Plans the reading of one index; the plan may be without any bounds or order. */
export function planIndex(
  index: IndexDefinition,
  branches: readonly Branch[],
  sort: readonly KeyComponent[],
): IndexPlan {
  const plans = branches.map((branch) => planBranch(index, branch));
  const ranges = plans.flatMap((plan) => plan.ranges);
  const points = Math.min(...plans.map((plan) => plan.points));
  const order = sort.length === 0 ? { skipped: 0, reverse: false } : findOrder(index, ranges, points, sort);
  const groups = groupRanges(ranges, order?.skipped ?? 0);
  const sorted = order !== undefined && groups.length <= MAX_MERGED_GROUPS;
  return {
    index,
    groups: sorted ? groups : groupRanges(ranges, 0),
    reverse: order?.reverse ?? false,
    sorted,
    exact: !index.truncated && plans.every((plan) => plan.exact),
    points,
    ranged: plans.every((plan) => plan.ranged || plan.points > points),
  };
}

function planBranch(index: IndexDefinition, branch: Branch): BranchPlan {
  let prefixes: { bytes: Buffer; lengths: number[] }[] = [{ bytes: Buffer.alloc(0), lengths: [0] }];
  let points = 0;
  let exact = true;
  for (const [position, component] of index.components.entries()) {
    const bounds = componentBounds(branch, component, index.multikey[position] === true);
    if (bounds === undefined || prefixes.length * bounds.intervals.length > MAX_RANGES) break;
    exact &&= bounds.exact;
    const intervals = component.direction === 1 ? bounds.intervals : complement(bounds.intervals);
    if (!intervals.every((interval) => interval.point)) {
      const ranges = prefixes.flatMap((prefix) => intervals.map((interval) => rangeBelow(prefix, interval)));
      return { ranges, points, ranged: true, exact: exact && covers(index, branch, points + 1) };
    }
    points++;
    prefixes = prefixes.flatMap((prefix) =>
      intervals.map(({ low }) => {
        const bytes = Buffer.concat([prefix.bytes, low]);
        return { bytes, lengths: [...prefix.lengths, bytes.length] };
      }),
    );
  }
  const ranges = prefixes.map(({ bytes, lengths }) => ({
    ...limited(bytes, successor(bytes)),
    prefixLengths: lengths,
  }));
  return { ranges, points, ranged: false, exact: exact && covers(index, branch, points) };
}

/** True when the first components of the index are all that the branch asks about. */
function covers(index: IndexDefinition, branch: Branch, components: number): boolean {
  const paths = index.components.slice(0, components).map(({ path }) => path);
  return branch.complete && branch.conditions.every(({ path }) => paths.includes(path));
}

/** With arrays in the index, two conditions may hold for different elements, so that only one may limit the keys. */
function componentBounds(branch: Branch, component: KeyComponent, multikey: boolean): Bounds | undefined {
  const parts = branch.conditions.filter(({ path }) => path === component.path).map(conditionBounds);
  if (!multikey) return allOf(parts);
  const known = parts.filter((bounds) => bounds !== undefined);
  const narrowest = known.find((bounds) => bounds.intervals.every(({ point }) => point)) ?? known[0];
  return narrowest === undefined
    ? undefined
    : { intervals: narrowest.intervals, exact: narrowest.exact && parts.length === 1 };
}

function rangeBelow(prefix: { bytes: Buffer; lengths: number[] }, interval: Interval): BranchRange {
  const low = Buffer.concat([prefix.bytes, interval.low]);
  const high = interval.high === undefined ? successor(prefix.bytes) : Buffer.concat([prefix.bytes, interval.high]);
  return { ...limited(low, high), prefixLengths: prefix.lengths };
}

/** Keys are cut at MAX_ENCODED_KEY, so the ends of a range are too, outwards. */
function limited(low: Buffer, high: Buffer | undefined): KeyRange {
  return {
    low: low.subarray(0, MAX_ENCODED_KEY),
    high: high === undefined || high.length <= MAX_ENCODED_KEY ? high : successor(high.subarray(0, MAX_ENCODED_KEY)),
  };
}

interface Order {
  /** Leading components by which the entries have to be grouped, and the groups merged. */
  readonly skipped: number;
  readonly reverse: boolean;
}

/** Finds how the entries come in the order of a sort: as they are, or merged from groups of equal leading values. */
function findOrder(
  index: IndexDefinition,
  ranges: readonly BranchRange[],
  points: number,
  sort: readonly KeyComponent[],
): Order | undefined {
  if (index.truncated) return undefined;
  const single = index.components.map(
    (_, position) => position < points && index.multikey[position] !== true && hasOneValue(ranges, position),
  );
  for (let skipped = 0; skipped <= points; skipped++) {
    const reverse = matchOrder(index, single, skipped, sort);
    if (reverse !== undefined) return { skipped, reverse };
  }
  return undefined;
}

/** True when all ranges have the same value in a component that is limited to single values. */
function hasOneValue(ranges: readonly BranchRange[], position: number): boolean {
  const values = ranges.map(({ low, prefixLengths }) =>
    low.subarray(prefixLengths[position], prefixLengths[position + 1]),
  );
  return values.every((value) => value.equals(values[0] ?? value));
}

/** Whether the components after `skipped` give the order of a sort, and if so whether backwards. */
function matchOrder(
  index: IndexDefinition,
  single: readonly boolean[],
  skipped: number,
  sort: readonly KeyComponent[],
): boolean | undefined {
  const isSingle = (path: string): boolean =>
    index.components.some((component, i) => component.path === path && single[i] === true);
  const wanted = sort.filter(({ path }) => !isSingle(path));
  let reverse: boolean | undefined;
  let position = skipped;
  for (const { path, direction } of wanted) {
    while (index.components[position]?.path !== path && single[position] === true) position++;
    const component = index.components[position];
    if (component?.path !== path || index.multikey[position] === true) return undefined;
    const backwards = component.direction !== direction;
    if (reverse !== undefined && reverse !== backwards) return undefined;
    reverse = backwards;
    position++;
  }
  return reverse ?? false;
}

function groupRanges(ranges: readonly BranchRange[], skipped: number): readonly RangeGroup[] {
  const groups = new Map<string, { prefixLength: number; ranges: KeyRange[] }>();
  for (const range of ranges) {
    const prefixLength = range.prefixLengths[skipped] ?? 0;
    const prefix = range.low.toString('latin1', 0, prefixLength);
    const group = groups.get(prefix) ?? { prefixLength, ranges: [] };
    group.ranges.push(range);
    groups.set(prefix, group);
  }
  return [...groups.values()].map((group) => ({ prefixLength: group.prefixLength, ranges: mergeRanges(group.ranges) }));
}

function mergeRanges(ranges: readonly KeyRange[]): readonly KeyRange[] {
  const merged: KeyRange[] = [];
  for (const next of [...ranges].sort((a, b) => Buffer.compare(a.low, b.low))) {
    const last = merged.at(-1);
    if (last === undefined || (last.high !== undefined && Buffer.compare(next.low, last.high) > 0)) merged.push(next);
    else if (last.high !== undefined && (next.high === undefined || Buffer.compare(next.high, last.high) > 0)) {
      merged[merged.length - 1] = { low: last.low, high: next.high };
    }
  }
  return merged;
}
