import { type JsonObject } from '@keptn/event-models';

/** What an SLI provider says of an indicator. */
export interface IndicatorValue extends JsonObject {
  readonly metric: string;
  readonly value: number;
  /** Whether there is a value; without one every criterion is violated. */
  readonly success: boolean;
  readonly message?: string;
  /** What was asked of the monitoring tool, when the provider says so. */
  readonly query?: string;
}

const fieldsOf = (item: unknown): Readonly<Record<string, unknown>> =>
  typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>) : {};

/** In characters. An answer of a monitoring tool may be the page of a proxy, and an evaluation holds one for each indicator, twice. */
const LONGEST_TEXT = 2_048;

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).toWellFormed()}…`;

const textField = <Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> =>
  typeof value === 'string' && value !== '' ? ({ [name]: cut(value) } as Record<Name, string>) : {};

/**
 * Reads `indicatorValues` of an event. What is no value of an indicator stays, as one without success: a provider's mistake must not
 * let an evaluation hang, and never makes it pass. Long messages and queries are cut.
 *
 * @param list from JSON; absent or `null` when the provider found nothing
 */
export function indicatorValuesOf(list: unknown): readonly IndicatorValue[] {
  return Array.isArray(list) ? list.map(indicatorValueOf) : [];
}

function indicatorValueOf(item: unknown): IndicatorValue {
  const { metric, value, success, message, query } = fieldsOf(item);
  const name = typeof metric === 'string' ? metric : '';
  const asked = textField('query', query);
  if (success === true && !(typeof value === 'number' && Number.isFinite(value))) {
    return { metric: name, value: 0, success: false, message: 'the value is not a finite number', ...asked };
  }
  return {
    metric: name,
    value: typeof value === 'number' && Number.isFinite(value) ? value : 0,
    success: success === true,
    ...textField('message', message),
    ...asked,
  };
}
