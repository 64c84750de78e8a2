import { type SubscriptionFilter } from '@keptn/api-models';

/** The JSON of an event, as far as a filter looks at it. */
export type EventJson = Readonly<Record<string, unknown>>;

/** Whether an event passes a filter. */
export type FilterMatcher = (event: EventJson) => boolean;

/** Names that mean the field of the data with this name, which every event of Keptn has. */
const FIELDS_OF_DATA: ReadonlySet<string> = new Set(['project', 'stage', 'service', 'result']);

/**
 * Compiles the filters of a subscription, all of which must hold: the dialects `exact`, `prefix`, `suffix`, `all`, `any` and
 * `not` of the CloudEvents Subscriptions API 1.0, over attributes and, as `data.<path>`, fields of the data.
 */
export function filterMatcherOf(filters: readonly SubscriptionFilter[]): FilterMatcher {
  const matchers = filters.map(matcherOf);
  return (event) => matchers.every((matches) => matches(event));
}

function matcherOf({ exact, prefix, suffix, all, any, not }: SubscriptionFilter): FilterMatcher {
  const matchers = [
    ...comparisonOf(exact, (text, wanted) => text === wanted),
    ...comparisonOf(prefix, (text, wanted) => text.startsWith(wanted)),
    ...comparisonOf(suffix, (text, wanted) => text.endsWith(wanted)),
    ...(all === undefined ? [] : [filterMatcherOf(all)]),
    ...(any === undefined ? [] : [anyOf(any.map(matcherOf))]),
    ...(not === undefined ? [] : [negationOf(matcherOf(not))]),
  ];
  return (event) => matchers.every((matches) => matches(event));
}

const anyOf =
  (matchers: readonly FilterMatcher[]): FilterMatcher =>
  (event) =>
    matchers.some((matches) => matches(event));

const negationOf =
  (matches: FilterMatcher): FilterMatcher =>
  (event) =>
    !matches(event);

/** An event without the attribute matches no comparison. */
function comparisonOf(
  wanted: Readonly<Record<string, string>> | undefined,
  compare: (text: string, wanted: string) => boolean,
): FilterMatcher[] {
  return Object.entries(wanted ?? {}).map(([name, value]) => {
    const path = pathOf(name);
    return (event) => {
      const text = textAt(event, path);
      return text !== undefined && compare(text, value);
    };
  });
}

const pathOf = (name: string): readonly string[] =>
  FIELDS_OF_DATA.has(name) ? ['data', name] : name.startsWith('data.') ? name.split('.') : [name];

/** The text of an attribute or field; numbers and truth values in their JSON form, nothing for objects, lists and null. */
function textAt(event: EventJson, path: readonly string[]): string | undefined {
  let value: unknown = event;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as EventJson)[key];
  }
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}
