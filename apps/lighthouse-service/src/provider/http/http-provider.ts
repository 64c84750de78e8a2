import { type IndicatorValue } from '@keptn/quality-gate';
import { type PermittedNetworks } from '@keptn/service-kit';
import { askEach } from '../ask-each';
import { NoValue } from '../no-value';
import { type SliFiles } from '../sli-files';
import { noValue, type SliProvider, type SliRequest } from '../sli-provider';
import { valuesOrReason } from '../unusable-files';
import { secretHeadersOf } from './http-credentials';
import { indicatorOf } from './http-indicator';
import { queryHttp } from './http-query';

export interface HttpProviderOptions {
  readonly networks: PermittedNetworks;
  /** Of mounted secrets. */
  readonly credentialsFolder: string | undefined;
  /** Of all requests, in milliseconds. */
  readonly timeoutMs: number;
}

/** Asks anything that answers with JSON. What keeps it from a value is the message of the indicator; the URL stays beside it. */
export class HttpProvider implements SliProvider {
  readonly name = 'http';

  constructor(
    private readonly files: SliFiles,
    private readonly options: HttpProviderOptions,
  ) {}

  async values(request: SliRequest, signal: AbortSignal): Promise<readonly IndicatorValue[]> {
    const { networks, credentialsFolder, timeoutMs } = this.options;
    return await valuesOrReason(request, async (frame) => {
      const [entries, secrets] = await Promise.all([
        this.files.entries(request, 'http/sli.yaml'),
        secretHeadersOf(request.project, credentialsFolder),
      ]);
      return await askEach(request.indicators, (name) =>
        valueOf(
          name,
          () => indicatorOf(name, entries.get(name), request, frame),
          (indicator) => queryHttp(indicator, { secrets, networks, timeoutMs, signal }),
        ),
      );
    });
  }
}

type Indicator = ReturnType<typeof indicatorOf>;

async function valueOf(
  metric: string,
  read: () => Indicator,
  ask: (indicator: Indicator) => Promise<number>,
): Promise<IndicatorValue> {
  let query: string | undefined;
  try {
    const indicator = read();
    query = indicator.url.href;
    return { metric, value: await ask(indicator), success: true, query };
  } catch (error) {
    if (error instanceof NoValue) return noValue(metric, error.message, query);
    throw error;
  }
}
