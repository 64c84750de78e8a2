import { type Metrics } from '@keptn/service-kit';
import { type GatewayResponse } from './gateway-response';

/** How long requests took, by the service that answered and the class of the status. */
export class RequestMetrics {
  private readonly duration;

  constructor(metrics: Metrics) {
    this.duration = metrics.durations({
      name: 'gateway_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer; upstream none: the gateway answered itself',
      labelNames: ['upstream', 'status'],
    });
  }

  /** @param status as the access log has it */
  observe(response: GatewayResponse, status: number, milliseconds: number): void {
    this.duration.observe(
      { upstream: response.upstream ?? 'none', status: `${Math.floor(status / 100)}xx` },
      milliseconds / 1_000,
    );
  }
}
