import { type SliEntry } from '@keptn/event-models';
import { type IndicatorValue } from '@keptn/quality-gate';
import { askEach } from '../ask-each';
import { NoValue } from '../no-value';
import { type SliFiles } from '../sli-files';
import { noValue, type SliProvider, type SliRequest } from '../sli-provider';
import { type TimeFrame } from '../time-frame';
import { valuesOrReason } from '../unusable-files';
import { defaultQuery } from './default-queries';
import { accessOf } from './prometheus-credentials';
import { queryPrometheus } from './prometheus-query';
import { queryOf } from './query-template';

export interface PrometheusOptions {
  /** Of the installation; a project may have its own. */
  readonly url: string;
  /** Of mounted secrets. */
  readonly credentialsFolder: string | undefined;
  /** Of all queries, in milliseconds. */
  readonly timeoutMs: number;
}

/** Asks Prometheus. What keeps it from a value is the message of the indicator; the query that was sent stays beside it. */
export class PrometheusProvider implements SliProvider {
  readonly name = 'prometheus';

  constructor(
    private readonly files: SliFiles,
    private readonly options: PrometheusOptions,
  ) {}

  async values(request: SliRequest, signal: AbortSignal): Promise<readonly IndicatorValue[]> {
    const { url, credentialsFolder, timeoutMs } = this.options;
    return await valuesOrReason(request, async (frame) => {
      const [queries, access] = await Promise.all([
        this.files.entries(request, 'prometheus/sli.yaml'),
        accessOf(request.project, credentialsFolder, url),
      ]);
      return await askEach(request.indicators, (indicator) =>
        valueOf(
          indicator,
          () => queryFor(indicator, queries, request, frame),
          (query) => queryPrometheus(access, { query, time: frame.end, timeoutMs, signal }),
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
): string {
  const own = queries.get(indicator);
  const query =
    typeof own === 'string'
      ? queryOf(own, request, { DURATION_SECONDS: duration })
      : (own ?? defaultQuery(indicator, request, duration));
  if (typeof query === 'string') return query;
  throw new NoValue(`unsupported SLI: prometheus/sli.yaml has no query for ${indicator}`);
}

async function valueOf(
  metric: string,
  read: () => string,
  ask: (query: string) => Promise<number>,
): Promise<IndicatorValue> {
  let query: string | undefined;
  try {
    query = read();
    return { metric, value: await ask(query), success: true, query };
  } catch (error) {
    if (error instanceof NoValue) return noValue(metric, error.message, query);
    throw error;
  }
}
