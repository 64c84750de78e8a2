import { type FastifyRequest, type preParsingHookHandler } from 'fastify';
import { ServiceError } from '../errors/service-error';
import { JSON_MEDIA_TYPE } from '../http/fastify-adapter';

/** What every operation with a body reads (contract 3.0). */
const ALWAYS_READ = ['application/json', 'application/cloudevents+json'];

/** A body of which nothing is said (RFC 9110 section 8.3). */
const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

const UTF_8 = /^(?:utf-?8|us-ascii)$/i;

/** Name and value of the parameters of a media type (RFC 9110 section 5.6.6). */
const PARAMETER = /;\s*([^\s;=]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that hands bodies on as they are; whoever reads them says in which forms. */
    passesBodies?: boolean;
  }
}

/** Refuses a body in a form that its route does not read, before it is read. */
export const requireReadableBody: preParsingHookHandler = (request, _reply, body, done) => {
  try {
    if (request.routeOptions.config.passesBodies !== true && hasBody(request)) requireReadable(request);
    done(null, body);
  } catch (error) {
    done(error as Error);
  }
};

function requireReadable({ headers, routeOptions }: FastifyRequest): void {
  const { 'content-type': mediaType = UNKNOWN_MEDIA_TYPE, 'content-encoding': coding } = headers;
  if (!JSON_MEDIA_TYPE.test(mediaType)) requireDocumented(mediaType, routeOptions.config.contract?.consumes);
  const charset = charsetOf(mediaType);
  if (charset !== undefined && !UTF_8.test(charset)) {
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', `the charset "${charset}" is not supported; send UTF-8`);
  }
  if (coding !== undefined && coding !== '' && coding.toLowerCase() !== 'identity') {
    throw new ServiceError(
      'UNSUPPORTED_MEDIA_TYPE',
      `the Content-Encoding "${coding}" is not supported; send the body as it is`,
    );
  }
}

function requireDocumented(mediaType: string, documented: readonly string[] = []): void {
  if (documented.includes(essenceOf(mediaType))) return;
  const readable = [...new Set([...ALWAYS_READ, ...documented])].join(' ');
  throw new ServiceError(
    'UNSUPPORTED_MEDIA_TYPE',
    `unsupported media type "${mediaType}", only [${readable}] are allowed`,
  );
}

/** Nobody reads those of GET and HEAD. */
const hasBody = ({ headers, method }: FastifyRequest): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0');

const essenceOf = (mediaType: string): string => (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();

const charsetOf = (mediaType: string): string | undefined => {
  for (const [, name, quoted, plain] of mediaType.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === 'charset') return quoted ?? plain;
  }
  return undefined;
};
