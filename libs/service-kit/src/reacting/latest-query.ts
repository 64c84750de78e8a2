export interface LatestSearch {
  readonly type: string;
  /** By the keys of the log's filter, such as `data.project`; of several values one must be there. */
  readonly filter: Readonly<Record<string, string | readonly string[]>>;
  /** 1 to 100. */
  readonly limit: number;
  /** `any` finds events that were invalidated as well. */
  readonly validity?: 'valid' | 'any';
}

/** @throws RangeError for a value that no filter can hold */
export const latestQuery = ({ filter, limit, validity = 'valid' }: Omit<LatestSearch, 'type'>) => ({
  filter: filterText(filter),
  limit: String(limit),
  excludeInvalidated: String(validity === 'valid'),
});

function filterText(filter: LatestSearch['filter']): string {
  return Object.entries(filter)
    .map(([key, values]) => `${key}:${[values].flat().map(filterValue).join(',')}`)
    .join(' AND ');
}

function filterValue(value: string): string {
  if (!isFilterable(value)) throw new RangeError(`no filter can hold ${JSON.stringify(value)}`);
  return value;
}

/** An id of an event is at most this long, in characters. */
const LONGEST_VALUE = 512;

export const isFilterable = (value: string): boolean =>
  value !== '' &&
  value.length <= LONGEST_VALUE &&
  !value.includes(',') &&
  !value.includes(' AND ') &&
  value.isWellFormed();

/** What the values of one request may have together, percent-encoded: the head of a request is limited to 16 KiB. */
const GROUP_LENGTH = 8_000;

/** @param size most values of a group */
export function groupsOf(values: readonly string[], size: number): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let length = 0;
  for (const value of values) {
    const encodedLength = encodeURIComponent(value).length;
    const group = groups.at(-1);
    length += encodedLength;
    if (group === undefined || group.length === size || length > GROUP_LENGTH) {
      groups.push([value]);
      length = encodedLength;
    } else {
      group.push(value);
    }
  }
  return groups;
}
