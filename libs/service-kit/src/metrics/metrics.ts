import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { collectDefaultMetrics, Histogram, type Metric, type MetricObject, Registry } from 'prom-client';

/** Seconds. From a cached read to the slowest Git push. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** How often the delay of the event loop is looked at, in milliseconds. */
const DELAY_SAMPLING_MS = 1_000;

/** Between two looks at the process, for whichever services. */
const COLLECTED_FOR_MS = 1_000;

/**
 * Of the process, of which there is one however many services run in it, and from when somebody asks for them: each look at its event
 * loop wakes it.
 */
let ofProcess: Registry | undefined;

function processMetrics(): readonly Metric[] {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: DELAY_SAMPLING_MS });
    for (const metric of ofProcess.getMetricsAsArray()) metric.collect = notAgainAtOnce(metric.collect);
  }
  const registry = ofProcess;
  return registry.getMetricsAsArray().flatMap(({ name }) => registry.getSingleMetric(name) ?? []);
}

/** Collecting starts the delays of the event loop afresh: what one service has just shown, the next one shows as well. */
function notAgainAtOnce(collect: MetricObject['collect'] | undefined): MetricObject['collect'] {
  let collectedAt = -Infinity;
  return function (this: unknown) {
    if (collect === undefined || performance.now() - collectedAt < COLLECTED_FOR_MS) return undefined;
    collectedAt = performance.now();
    return collect.call(this);
  };
}

/** The Prometheus metrics of one service. Modules may register more on `registry`. */
export class Metrics {
  readonly registry = new Registry();
  private hasProcessMetrics = false;
  private readonly requestDuration: Histogram<'method' | 'route' | 'status'>;

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    this.requestDuration = this.durations({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer',
      labelNames: ['method', 'route', 'status'],
    });
  }

  /** All metrics in the Prometheus text format. */
  text(): Promise<string> {
    if (!this.hasProcessMetrics) {
      this.hasProcessMetrics = true;
      for (const metric of processMetrics()) this.registry.registerMetric(metric);
    }
    return this.registry.metrics();
  }

  /** A histogram of durations of requests, in seconds. */
  durations<Label extends string>(about: { name: string; help: string; labelNames: Label[] }): Histogram<Label> {
    return new Histogram({ ...about, buckets: DURATION_BUCKETS, registers: [this.registry] });
  }

  /** Measures every request by its route pattern, so that names in paths do not multiply the series. */
  observeRequests(adapter: FastifyAdapter): void {
    adapter.getInstance().addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      const labels = { method: request.method, route, status: String(reply.statusCode) };
      this.requestDuration.observe(labels, reply.elapsedTime / 1000);
      done();
    });
  }
}
