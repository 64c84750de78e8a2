import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { type Logger } from 'pino';
import { type RequestContext, runInRequestContext } from '../logging/request-context';
import { isTraceparent } from '../logging/trace-context';

/** Asked for every few seconds by machines; of interest only when debugging. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/health', '/ready', '/metrics']);

/** Gives each request its context and writes one line when it is answered: method, path without query, status, milliseconds. */
export function logRequests(adapter: FastifyAdapter, logger: Logger): void {
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
    runInRequestContext(context, done);
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
