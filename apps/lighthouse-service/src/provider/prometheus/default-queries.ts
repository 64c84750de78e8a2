import { NoValue } from '../no-value';
import { type SliRequest } from '../sli-provider';
import { filterText } from './query-template';

const QUANTILES = { response_time_p50: '0.50', response_time_p90: '0.90', response_time_p95: '0.95' } as const;

/** `=`, `!=`, `=~` or `!~` in front of the value of a filter says how it is compared. */
const COMPARED = /^(?:=~|!~|!=|=)/;

const LABEL_NAME = /^[A-Za-z_]\w*$/;

/**
 * What prometheus-sli-service 0.2.3 asks for the indicators that it knows without a file.
 *
 * @param duration such as `300s`
 * @throws NoValue for a filter that is none of PromQL
 */
export function defaultQuery(indicator: string, request: SliRequest, duration: string): string | undefined {
  const selector = selectorOf(request);
  const rate = (more = ''): string => `sum(rate(http_requests_total{${selector}${more}}[${duration}]))`;
  if (indicator === 'throughput') return rate();
  if (indicator === 'error_rate') return `${rate(",status!~'2..'")}/${rate()}`;
  const quantile = Object.entries(QUANTILES).find(([name]) => name === indicator)?.[1];
  if (quantile === undefined) return undefined;
  const buckets = `sum(rate(http_response_time_milliseconds_bucket{${selector}}[${duration}])) by (le)`;
  return `histogram_quantile(${quantile}, ${buckets})`;
}

function selectorOf({ project, stage, service, filters }: SliRequest): string {
  const own = filters.map(({ key, value }) => {
    if (!LABEL_NAME.test(key)) throw new NoValue(`the filter ${key} of the SLO file is no label of Prometheus`);
    const operator = COMPARED.exec(value)?.[0] ?? '=';
    const compared = value.replace(COMPARED, '').replaceAll(/['"]/g, '');
    return `,${key}${operator}'${filterText(compared)}'`;
  });
  return `job='${service}-${project}-${stage}-canary'${own.join('')}`;
}
