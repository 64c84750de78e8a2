/** The indicators of an earlier result, in its order. */
export interface IndicatorList {
  /** Where each is; at several positions when an objective appeared twice. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

/** An installation has about as many as it has SLO files. */
const MOST_LISTS = 1_000;

const lists = new Map<string, IndicatorList>();

/** @returns the same object for the same names */
export function indicatorList(names: readonly string[]): IndicatorList {
  const key = JSON.stringify(names);
  const known = lists.get(key);
  if (known !== undefined) return known;
  if (lists.size >= MOST_LISTS) lists.clear();
  const list = { positions: positionsOf(names) };
  lists.set(key, list);
  return list;
}

function positionsOf(names: readonly string[]): IndicatorList['positions'] {
  const positions = new Map<string, number[]>();
  for (const [position, name] of names.entries()) {
    const known = positions.get(name);
    if (known === undefined) positions.set(name, [position]);
    else known.push(position);
  }
  return positions;
}
