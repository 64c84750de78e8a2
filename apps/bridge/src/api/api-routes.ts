import { describeError, ServiceError, Unauthenticated } from '@keptn/service-kit';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { clientOf, scopeOf } from '../session/browser-request';
import { PAGE_HEADER } from '../session/same-origin';
import { expiredCookie, sessionCookie } from '../session/session-cookie';
import { type SessionService } from '../session/session.service';
import { type ApiForwarder } from './api-forwarder';

export interface ApiRoutesParts {
  readonly sessions: SessionService;
  readonly forwarder: ApiForwarder;
  /** PREFIX_PATH */
  readonly prefix: string;
  /** MAX_BODY_BYTES */
  readonly bodyLimit: number;
}

/** Documents of the API, which anyone may read. */
const DOCUMENT = /^\/api\/(?:[\w-]+\/)?swagger-ui\/swagger\.(?:yaml|json)$/;

const UNAUTHENTICATED = 401;

/** What the original asked keptn.sh for. This system asks nobody outside. */
const FROM_OUTSIDE = ['/api/integrationsPage', '/api/version.json'];

/** `/api` and below: the public API, with the token of whoever is signed in. Bodies pass unread. */
export function serveApi(server: FastifyInstance, parts: ApiRoutesParts): void {
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.setErrorHandler((error, request, reply) => answerError(error, request, reply, parts));
    for (const path of FROM_OUTSIDE) {
      scope.get(path, () => {
        throw new ServiceError('NOT_FOUND', 'nothing is fetched from the internet here');
      });
    }
    scope.all('/api/*', { config: { passesBodies: true } }, (request, reply) => forward(request, reply, parts));
    done();
  });
}

async function forward(request: FastifyRequest, reply: FastifyReply, parts: ApiRoutesParts): Promise<FastifyReply> {
  const { sessions, forwarder, prefix } = parts;
  const path = request.raw.url ?? '';
  if (request.method === 'GET' && DOCUMENT.test(path)) return forwarder.forward(request, reply, path);
  const scope = scopeOf(request.headers, prefix);
  const { token, renewed, endsWithToken } = await sessions.tokenFor(request.headers, scope, clientOf(request));
  if (renewed !== undefined) {
    void reply.header('Set-Cookie', sessionCookie(sessions.sealed(renewed), renewed.until - Date.now(), scope));
  }
  await forwarder.forward(request, reply, path, token);
  // All people come to the gateway from this one address, and further wrong tokens of one would lock out the others.
  if (reply.statusCode === UNAUTHENTICATED && endsWithToken !== undefined) await sessions.end(endsWithToken);
  return reply;
}

/** A browser asks for user and password by itself when a script's request is refused with a challenge; the page has its own form. */
function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ApiRoutesParts,
): FastifyReply {
  const refused = { bodyLimit: parts.bodyLimit, mediaType: request.headers['content-type'] };
  const { body, headers, isDefect } = describeError(error, refused);
  if (isDefect) throw error;
  if (error instanceof Unauthenticated && request.headers[PAGE_HEADER] === undefined) {
    void reply.header('WWW-Authenticate', 'Basic realm="Keptn"');
  }
  if (error instanceof Unauthenticated && request.headers.cookie !== undefined) {
    void reply.header('Set-Cookie', expiredCookie(scopeOf(request.headers, parts.prefix)));
  }
  return reply.code(body.code).headers(headers).send(body);
}
