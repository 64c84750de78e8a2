import { type SliEntry } from '@keptn/event-models';
import { type IndicatorValue } from '@keptn/quality-gate';
import { NoValue } from '../no-value';
import { withPlaceholders } from '../placeholders';
import { type SliFiles } from '../sli-files';
import { noValue, type SliProvider, type SliRequest } from '../sli-provider';
import { type TimeFrame } from '../time-frame';
import { valuesOrReason } from '../unusable-files';
import { defaultQuery } from './default-queries';
import { insideText } from './inside-text';
import { accessOf } from './prometheus-credentials';
import { queryPrometheus } from './prometheus-query';

export interface PrometheusOptions {
  /** Of the installation; a project may have its own. */
  readonly url: string;
  /** Of mounted secrets. */
  readonly credentialsFolder: string | undefined;
  /** Of one query, in milliseconds. */
  readonly timeoutMs: number;
}

/** Asks Prometheus. What keeps it from a value is the message of the indicator; the query that was sent stays beside it. */
export class PrometheusProvider implements SliProvider {
  readonly name = 'prometheus';

  constructor(
    private readonly files: SliFiles,
    private readonly options: PrometheusOptions,
  ) {}

  async values(request: SliRequest): Promise<readonly IndicatorValue[]> {
    const { url, credentialsFolder, timeoutMs } = this.options;
    return await valuesOrReason(request, async (frame) => {
      const [queries, access] = await Promise.all([
        this.files.entries(request, 'prometheus/sli.yaml'),
        accessOf(request.project, credentialsFolder, url),
      ]);
      return await Promise.all(
        request.indicators.map((indicator) =>
          valueOf(indicator, queryFor(indicator, queries, request, frame), (query) =>
            queryPrometheus(access, { query, time: frame.end, timeoutMs }),
          ),
        ),
      );
    });
  }
}

function queryFor(
  indicator: string,
  queries: ReadonlyMap<string, SliEntry>,
  request: SliRequest,
  { duration }: TimeFrame,
): string | undefined {
  const own = queries.get(indicator);
  if (own === undefined) return defaultQuery(indicator, request, duration);
  return typeof own === 'string'
    ? withPlaceholders(own, request, { DURATION_SECONDS: duration }, insideText)
    : undefined;
}

async function valueOf(
  metric: string,
  query: string | undefined,
  ask: (query: string) => Promise<number>,
): Promise<IndicatorValue> {
  if (query === undefined) return noValue(metric, `unsupported SLI: prometheus/sli.yaml has no query for ${metric}`);
  try {
    return { metric, value: await ask(query), success: true, query };
  } catch (error) {
    if (error instanceof NoValue) return noValue(metric, error.message, query);
    throw error;
  }
}
