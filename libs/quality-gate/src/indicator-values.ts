import { isExactNumber, type JsonObject, numberOf } from '@keptn/event-models';

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

const MISSING = 'the SLI provider returned no value for it';

/** Stands in the result for an indicator that the provider said nothing of. */
export const missingValue = (metric: string): IndicatorValue => ({
  metric,
  value: 0,
  success: false,
  message: MISSING,
});

/** Whether the provider said nothing of the indicator; as a stored result has it, too. */
export const isMissing = ({ success, message }: IndicatorValue): boolean => !success && message === MISSING;

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
  const { metric, value: given, success, message, query } = fieldsOf(item);
  const value = isExactNumber(given) ? numberOf(given) : given;
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
