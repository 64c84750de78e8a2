import { isJsonObject } from '@keptn/event-models';
import { type EvaluationSubject, type IndicatorValue } from '@keptn/quality-gate';
import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { dataOf, subjectOf, textOf } from '../evaluation/subject';

/** What is asked of an SLI provider. */
export interface SliRequest extends EvaluationSubject {
  /** Its name, as in `monitoring.configure`. */
  readonly provider: string;
  readonly deployment: string;
  /** Each once. */
  readonly indicators: readonly string[];
  readonly filters: readonly { readonly key: string; readonly value: string }[];
}

/** A source of values. One for each indicator that is asked for; without success where there is none. */
export interface SliProvider {
  readonly name: string;
  /**
   * @param signal ends the question: what has no value by then stays without one
   * @throws ServiceError when the question is to be asked again
   */
  values(request: SliRequest, signal: AbortSignal): Promise<readonly IndicatorValue[]>;
}

/** Injection token of the providers that are switched on. */
export const SLI_PROVIDERS = Symbol('SLI_PROVIDERS');

export const noValue = (metric: string, message: string, query?: string): IndicatorValue => ({
  metric,
  value: 0,
  success: false,
  message,
  ...(query !== undefined && { query }),
});

/** None of the indicators has a value, all for one reason. */
export const noValues = ({ indicators }: SliRequest, message: string): readonly IndicatorValue[] =>
  indicators.map((indicator) => noValue(indicator, message));

export const withoutTimeFrame = (request: SliRequest): readonly IndicatorValue[] =>
  noValues(
    request,
    `the time frame must have a start before its end, in RFC 3339 with a zone: ${request.start}, ${request.end}`,
  );

/** @param event `get-sli` @throws EventRefused */
export function requestOf(event: LoggedEvent): SliRequest {
  const data = dataOf(event);
  const { indicators, customFilters } = data;
  return {
    ...subjectOf(event),
    provider: textOf(data, 'sliProvider'),
    deployment: textOf(data, 'deployment'),
    indicators: [...new Set(listOf(indicators).filter((indicator) => typeof indicator === 'string'))],
    filters: listOf(customFilters)
      .filter(isJsonObject)
      .map((filter) => ({ key: textOf(filter, 'key'), value: textOf(filter, 'value') })),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
