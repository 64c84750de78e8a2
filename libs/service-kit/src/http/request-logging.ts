import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { type Logger } from 'pino';
import { type RequestContext, runInRequestContext } from '../logging/request-context';
import { isTraceparent } from '../logging/trace-context';
import { PROBE_ROUTES } from './public-routes';

/** Asked for every few seconds by machines; of interest only when debugging. */
const PROBES: ReadonlySet<string | undefined> = new Set([...PROBE_ROUTES, '/metrics']);

export interface RequestLoggingOptions {
  /** Whether what a request starts can ask for its context. */
  readonly providesContext: boolean;
}

/** Writes one line when a request is answered: method, path without query, status, milliseconds. */
export function logRequests(adapter: FastifyAdapter, logger: Logger, { providesContext }: RequestLoggingOptions): void {
  const server = adapter.getInstance();
  const contexts = new WeakMap<object, RequestContext>();

  server.addHook('onRequest', (request, reply, done) => {
    const traceparent = request.headers.traceparent;
    const context: RequestContext = {
      requestId: request.id,
      ...(isTraceparent(traceparent) && { traceparent }),
    };
    contexts.set(request, context);
    void reply.header('X-Request-Id', request.id);
    if (providesContext) {
      runInRequestContext(context, done);
    } else {
      done();
    }
  });

  server.addHook('onResponse', (request, reply, done) => {
    const context = contexts.get(request);
    const line = {
      requestId: request.id,
      ...(context?.keptnContext !== undefined && { shkeptncontext: context.keptnContext }),
      method: request.method,
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (PROBES.has(request.routeOptions.url)) {
      logger.debug(line, 'request');
    } else {
      logger.info(line, 'request');
    }
    done();
  });
}
