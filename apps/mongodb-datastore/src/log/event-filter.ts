import { type StoredEvent } from './event.schema';
import { type PositionRange } from './position';

/** The fields of an event that callers may filter by. Nothing else a caller sends becomes part of a query. */
export type FilterField =
  | 'id'
  | 'project'
  | 'result'
  | 'service'
  | 'shkeptncontext'
  | 'source'
  | 'specversion'
  | 'stage'
  | 'triggeredid'
  | 'type';

/** What an event must have to be found. All conditions must hold. */
export interface EventFilter extends PositionRange {
  /** The values of which the field must have one. */
  readonly anyOf: Readonly<Partial<Record<FilterField, readonly string[]>>>;
  /** The highest sequence number that is searched. */
  readonly upToSequence?: number;
}

type Condition = Readonly<Record<string, unknown>>;

/**
 * The filter for MongoDB. Values are texts behind `$eq` or `$in`, never keys or operators.
 *
 * @param path where the fields are, e.g. `root.`
 */
export function toQuery(filter: EventFilter, path = ''): Record<string, Condition> {
  const query: Record<string, Condition> = {};
  for (const [field, values] of conditionsOf(filter)) {
    query[path + field] = values.length === 1 ? { $eq: values[0] } : { $in: values };
  }
  if (filter.from !== undefined || filter.until !== undefined) {
    query[`${path}position`] = {
      ...(filter.from !== undefined && { $gte: filter.from }),
      ...(filter.until !== undefined && { $lt: filter.until }),
    };
  }
  if (filter.upToSequence !== undefined) {
    query[path === '' ? '_id' : `${path}sequence`] = { $lte: filter.upToSequence };
  }
  return query;
}

/** The same filter, for an event that is in memory. */
export function matches(filter: EventFilter, event: StoredEvent): boolean {
  return (
    conditionsOf(filter).every(([field, values]) => values.includes(event[field] ?? NEVER)) &&
    (filter.from === undefined || event.position >= filter.from) &&
    (filter.until === undefined || event.position < filter.until) &&
    (filter.upToSequence === undefined || event._id <= filter.upToSequence)
  );
}

/** The same filter for those positions only that are in the range as well. */
export function narrowed(filter: EventFilter, { from, until }: PositionRange): EventFilter {
  return {
    ...filter,
    ...(from !== undefined && (filter.from === undefined || from > filter.from) && { from }),
    ...(until !== undefined && (filter.until === undefined || until < filter.until) && { until }),
  };
}

/** Lone surrogates are in no stored field, so no value of a filter is equal to this one. */
const NEVER = '\udead';

const conditionsOf = ({ anyOf }: EventFilter): readonly (readonly [FilterField, readonly string[]])[] =>
  (Object.entries(anyOf) as [FilterField, readonly string[] | undefined][]).filter(
    (entry): entry is [FilterField, readonly string[]] => entry[1] !== undefined,
  );
