import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { LINE_STREAM } from '@keptn/api-models';
import { InvalidJson, JsonTooDeep } from '@keptn/event-models';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyError, type FastifyReply, type FastifyRequest, type onRequestHookHandler } from 'fastify';
import { type Logger } from 'pino';
import { describeError } from '../errors/describe-error';
import { BadRequest, ServiceError } from '../errors/service-error';
import { BODY_DEADLINE_MS, limitBodyTime } from './body-deadline';
import { answerClientError } from './client-errors';
import { refuseTunnels } from './unserved-requests';
import { decodeUtf8 } from './utf8';

/** Longest path parameter: a resource path of 1,024 bytes in which every byte is percent-encoded. */
const MAX_PARAMETER_LENGTH = 3 * 1024;

/** Longer than the gateway's, so that the gateway never reuses a connection that is just being closed here. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** What is accepted as a request id from outside: enough for UUIDs and trace ids, nothing that could forge a log line. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Any JSON media type, with parameters such as charset. */
export const JSON_MEDIA_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

/** Makes the HTTP server; what it gives to `listener` is answered by the framework. */
export type ServerFactory = (listener: RequestListener) => Server;

export interface AdapterOptions {
  readonly bodyLimit: number;
  readonly logger: Logger;
  /** Turns the text of a body into a value; what it throws refuses the request with 400, a ServiceError as that. */
  readonly parseBody: (text: string) => unknown;
  readonly serverFactory?: ServerFactory | undefined;
  /** Whether bodies that are streams of lines are handed to the routes, as streams; otherwise they are refused with 415. */
  readonly takesLineStreams: boolean;
}

const plainServer: ServerFactory = (listener) => {
  const serve: RequestListener = (request, response) => {
    limitBodyTime(request, response);
    listener(request, response);
  };
  const server = createServer(
    {
      headersTimeout: BODY_DEADLINE_MS,
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      // Without Host, and with expectations of its own, a request is refused as every other is.
      requireHostHeader: false,
    },
    serve,
  );
  server.on('checkExpectation', serve);
  refuseTunnels(server);
  return server;
};

/** The caller's `X-Request-Id` when it is well formed, a new one otherwise. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Fastify as every service needs it: the original's lenient paths, JSON bodies only, and bounded clients. */
export function createFastifyAdapter(options: AdapterOptions): FastifyAdapter {
  const { bodyLimit, logger, parseBody, serverFactory = plainServer, takesLineStreams } = options;
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    serverFactory,
    clientErrorHandler: answerClientError,
    genReqId: requestIdOf,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const { body, isDefect } = describeError(error, { bodyLimit, mediaType: undefined });
      if (isDefect) {
        logger.error({ err: error }, 'request failed before routing');
      }
      void reply.code(body.code).send(body);
    },
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: MAX_PARAMETER_LENGTH,
    },
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', forgetMediaTypeOfNothing);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(JSON_MEDIA_TYPE, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      const text = decodeUtf8(body as Buffer);
      done(null, text === '' ? undefined : parseBody(text));
    } catch (error) {
      done(error instanceof ServiceError ? error : new BadRequest(explainBody(error), { reason: 'INVALID_JSON' }));
    }
  });
  if (takesLineStreams) {
    server.addContentTypeParser(LINE_STREAM, (_request, stream, done) => {
      done(null, stream);
    });
  }
  return adapter;
}

/**
 * Clients of the original name a media type in every request (contract 6.1). The framework would look for a body in their
 * deletions that is not there, and refuse those that name another type than JSON.
 */
const forgetMediaTypeOfNothing: onRequestHookHandler = ({ method, headers }, _reply, done) => {
  const { 'transfer-encoding': coding, 'content-length': length = '0' } = headers;
  if (method === 'DELETE' && coding === undefined && length === '0') {
    delete headers['content-type'];
  }
  done();
};

const explainBody = (error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof JsonTooDeep) {
    return `the body is not acceptable: ${reason}`;
  }
  return error instanceof InvalidJson ? `the body is ${reason}` : `the body is not valid JSON: ${reason}`;
};
