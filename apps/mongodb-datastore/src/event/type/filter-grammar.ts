import { FILTER_KEYS } from '@keptn/api-models';
import { ServiceError } from '@keptn/service-kit';
import { type EventFilter, type FilterField } from '../../log/event-filter';

/** The fields of the log that the keys of a filter mean. */
const FIELDS: Readonly<Record<(typeof FILTER_KEYS)[number], FilterField>> = {
  'data.project': 'project',
  'data.stage': 'stage',
  'data.service': 'service',
  'data.result': 'result',
  shkeptncontext: 'shkeptncontext',
  source: 'source',
  id: 'id',
  triggeredid: 'triggeredid',
  specversion: 'specversion',
};

/** The filter is not in the grammar, or has no key that leads to few events. */
export class UnusableFilter extends ServiceError {
  constructor(message: string) {
    super('INVALID_FILTER', message);
  }
}

const CLAUSE_SEPARATOR = ' AND ';
const VALUE_SEPARATOR = ',';

/** Text of contract 5.4. */
const TOO_WIDE =
  "must provide a filter containing at least one of the following properties: 'data.project' or 'shkeptncontext'";

/** A filter as it was read. */
export interface ParsedFilter {
  readonly anyOf: EventFilter['anyOf'];
  /** Clauses without a colon: the original ignores them. */
  readonly ignored: readonly string[];
}

/**
 * Reads `key:value AND key:value,value`: every clause must hold, of a list of values one. Keys are those of
 * {@link FILTER_KEYS}; the value is everything after the first colon.
 *
 * @throws UnusableFilter
 */
export function parseFilter(text: string): ParsedFilter {
  const anyOf: Partial<Record<FilterField, readonly string[]>> = {};
  const clauses = text === '' ? [] : text.split(CLAUSE_SEPARATOR);
  for (const clause of clauses.filter(isClause)) {
    const { field, values } = parseClause(clause);
    const earlier = anyOf[field];
    anyOf[field] = earlier === undefined ? values : values.filter((value) => earlier.includes(value));
  }
  if (!narrows(anyOf.project) && !narrows(anyOf.shkeptncontext)) throw new UnusableFilter(TOO_WIDE);
  return { anyOf, ignored: clauses.filter((clause) => !isClause(clause)).map(shortened) };
}

const isClause = (text: string): boolean => text.includes(':');

function parseClause(clause: string): { field: FilterField; values: readonly string[] } {
  const colon = clause.indexOf(':');
  const key = FILTER_KEYS.find((known) => known === clause.slice(0, colon));
  if (key === undefined) {
    throw new UnusableFilter(
      `filter in query: "${shortened(clause)}" has none of the keys ${FILTER_KEYS.join(', ')}; join clauses key:value ` +
        `with "${CLAUSE_SEPARATOR}" and values of a key with "${VALUE_SEPARATOR}"`,
    );
  }
  return { field: FIELDS[key], values: [...new Set(clause.slice(colon + 1).split(VALUE_SEPARATOR))] };
}

/** How much of a wrong clause is shown again, in characters. */
const SHOWN = 64;

const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** An empty value would mean every event without that field. Two clauses that exclude each other leave nothing to search. */
const narrows = (values: readonly string[] | undefined): boolean =>
  values !== undefined && values.every((value) => value !== '');
