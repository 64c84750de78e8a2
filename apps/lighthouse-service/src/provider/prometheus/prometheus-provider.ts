import { type IndicatorValue } from '@keptn/quality-gate';
import { withPlaceholders } from '../placeholders';
import { type SliFiles, UnusableSliFile } from '../sli-files';
import { noValue, type SliProvider, type SliRequest } from '../sli-provider';
import { type TimeFrame, timeFrameOf } from '../time-frame';
import { defaultQuery } from './default-queries';
import { accessOf, type PrometheusAccess, UnusableCredentials } from './prometheus-credentials';
import { NoValue, queryPrometheus } from './prometheus-query';

export interface PrometheusOptions {
  /** Of the installation; a project may have its own. */
  readonly url: string;
  /** Of mounted secrets. */
  readonly credentialsFolder: string | undefined;
}

/** Asks Prometheus. What keeps it from a value is the message of the indicator; the query that was sent stays beside it. */
export class PrometheusProvider implements SliProvider {
  readonly name = 'prometheus';

  constructor(
    private readonly files: SliFiles,
    private readonly options: PrometheusOptions,
  ) {}

  async values(request: SliRequest): Promise<readonly IndicatorValue[]> {
    const frame = timeFrameOf(request);
    if (frame === undefined) {
      const { start, end } = request;
      return noValues(request, `the time frame must have a start before its end, in RFC 3339: ${start}, ${end}`);
    }
    try {
      const { url, credentialsFolder } = this.options;
      const [queries, access] = await Promise.all([
        this.files.queries(request, 'prometheus/sli.yaml'),
        accessOf(request.project, credentialsFolder, url),
      ]);
      return await Promise.all(
        request.indicators.map((indicator) =>
          valueOf(indicator, queryFor(indicator, queries, request, frame), access, frame),
        ),
      );
    } catch (error) {
      if (error instanceof UnusableSliFile || error instanceof UnusableCredentials)
        return noValues(request, error.message);
      throw error;
    }
  }
}

const noValues = ({ indicators }: SliRequest, message: string): readonly IndicatorValue[] =>
  indicators.map((indicator) => noValue(indicator, message));

function queryFor(
  indicator: string,
  queries: ReadonlyMap<string, string>,
  request: SliRequest,
  { duration }: TimeFrame,
): string | undefined {
  const own = queries.get(indicator);
  return own === undefined ? defaultQuery(indicator, request, duration) : withPlaceholders(own, request, duration);
}

async function valueOf(
  metric: string,
  query: string | undefined,
  access: PrometheusAccess,
  { end }: TimeFrame,
): Promise<IndicatorValue> {
  if (query === undefined) return noValue(metric, `unsupported SLI: prometheus/sli.yaml has no query for ${metric}`);
  try {
    return { metric, value: await queryPrometheus(access, query, end), success: true, query };
  } catch (error) {
    if (error instanceof NoValue) return noValue(metric, error.message, query);
    throw error;
  }
}
