import { type Metrics } from '@keptn/service-kit';
import { type Histogram } from 'prom-client';
import { type GatewayResponse } from './gateway-response';

/** How long requests took, by the service that answered and the class of the status. */
export class RequestMetrics {
  private readonly duration: Histogram<'upstream' | 'status'>;
  /** To find a series by its labels costs more than to count in it. */
  private readonly series = new Map<string, Histogram.Internal<'upstream' | 'status'>>();

  constructor(metrics: Metrics) {
    this.duration = metrics.durations({
      name: 'gateway_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer; upstream none: the gateway answered itself',
      labelNames: ['upstream', 'status'],
    });
  }

  /** @param status as the access log has it */
  observe(response: GatewayResponse, status: number, milliseconds: number): void {
    this.seriesOf(response.upstream ?? 'none', Math.floor(status / 100)).observe(milliseconds / 1_000);
  }

  private seriesOf(upstream: string, statusClass: number): Histogram.Internal<'upstream' | 'status'> {
    const key = `${upstream} ${statusClass}`;
    const known = this.series.get(key);
    if (known !== undefined) return known;
    const found = this.duration.labels({ upstream, status: `${statusClass}xx` });
    this.series.set(key, found);
    return found;
  }
}
