import {
  endOfMillisecond,
  type Position,
  type PositionRange,
  positionBehind,
  type SortOrder,
  startOfMillisecond,
} from './position';

/** Something that has a position in the log. */
export interface Positioned {
  readonly position: Position;
}

/** The first of what was found, and what follows next, when there is more. */
export interface Cut<Item> {
  readonly items: readonly Item[];
  readonly next: Item | undefined;
}

export interface PageRequest {
  readonly order: SortOrder;
  /** Items behind this position, in the order that is asked for. */
  readonly behind?: Position | undefined;
  readonly limit: number;
}

/** One page of what was found. */
export interface Batch<Item> {
  readonly items: readonly Item[];
  /** True when more follow. */
  readonly isCut: boolean;
}

type Direction = 'ascending' | 'descending';

/** What a search finds, by its position. Every call is one query of the database. */
export interface Positions<Item extends Positioned> {
  read(range: PositionRange, direction: Direction, limit: number): Promise<Cut<Item>>;
  /** The position that has `skip` others before it. */
  at(range: PositionRange, direction: Direction, skip: number): Promise<Position | undefined>;
  count(range: PositionRange): Promise<number>;
}

/**
 * One page in the order of answers. Newest first goes by millisecond, and within a millisecond by arrival: clients such as the
 * original's Bridge sort by millisecond, keep what they got in that order, and take the last for the newest.
 */
export async function readPage<Item extends Positioned>(
  found: Positions<Item>,
  { order, behind, limit }: PageRequest,
): Promise<Batch<Item>> {
  if (order === 'oldest first') {
    const { items, next } = await found.read(behind === undefined ? {} : after(behind), 'ascending', limit);
    return { items, isCut: next !== undefined };
  }
  if (behind === undefined) return readNewest(found, {}, limit);
  const rest = await found.read({ ...after(behind), until: endOfMillisecond(behind) }, 'ascending', limit);
  if (rest.next !== undefined) return { items: rest.items, isCut: true };
  const older = await readNewest(found, { until: startOfMillisecond(behind) }, limit - rest.items.length);
  return { items: [...rest.items, ...older.items], isCut: older.isCut };
}

/**
 * The position before which `offset` items are, in the order of answers.
 *
 * @param offset at least 1
 * @returns undefined when there are not as many
 */
export async function positionOfOffset(
  found: Positions<Positioned>,
  order: SortOrder,
  offset: number,
): Promise<Position | undefined> {
  if (order === 'oldest first') return found.at({}, 'ascending', offset - 1);
  const sameMillisecond = await found.at({}, 'descending', offset - 1);
  if (sameMillisecond === undefined) return undefined;
  const range = { from: startOfMillisecond(sameMillisecond), until: endOfMillisecond(sameMillisecond) };
  const newer = await found.count({ from: range.until });
  return found.at(range, 'ascending', Math.max(0, offset - 1 - newer));
}

/** The newest of a range that begins and ends with whole milliseconds. */
async function readNewest<Item extends Positioned>(
  found: Positions<Item>,
  range: PositionRange,
  limit: number,
): Promise<Batch<Item>> {
  const { items, next } = await found.read(range, 'descending', limit);
  const last = items.at(-1);
  if (next === undefined || last === undefined || millisecondOf(last) !== millisecondOf(next)) {
    return { items: items.toSorted(newestMillisecondFirst), isCut: next !== undefined };
  }
  // The page ends within a millisecond, of which the descending order gave the latest arrivals first.
  const whole = items.filter((item) => millisecondOf(item) !== millisecondOf(last));
  const ofLast = { from: startOfMillisecond(last.position), until: endOfMillisecond(last.position) };
  const earliest = await found.read(ofLast, 'ascending', items.length - whole.length);
  return { items: [...whole.toSorted(newestMillisecondFirst), ...earliest.items], isCut: true };
}

function newestMillisecondFirst(one: Positioned, other: Positioned): number {
  const [mine, others] = [millisecondOf(one), millisecondOf(other)];
  if (mine !== others) return mine > others ? -1 : 1;
  return one.position < other.position ? -1 : 1;
}

const after = (position: Position): PositionRange => ({ from: positionBehind(position) });

const millisecondOf = ({ position }: Positioned): Position => startOfMillisecond(position);
