import { type FastifyRequest, type preParsingHookHandler } from 'fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { ServiceError } from '../errors/service-error';
import { JSON_MEDIA_TYPE } from '../http/fastify-adapter';
import { allOperations, keyOfOperation } from './operations';

/** What every operation with a body reads (contract 3.0). */
const ALWAYS_READ = ['application/json', 'application/cloudevents+json'];

/** A body of which nothing is said (RFC 9110 section 8.3). */
const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

const UTF_8 = /^(?:utf-?8|us-ascii)$/i;

/** Name and value of the parameters of a media type (RFC 9110 section 5.6.6). */
const PARAMETER = /;\s*([^\s;=]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;

/** In which forms each operation reads its body; refuses any other before the body is read. */
export class BodyMediaTypes {
  private readonly documented = new Map<string, readonly string[]>();

  /** @param document names the forms besides JSON */
  learn(document: OpenAPIObject): void {
    for (const located of allOperations(document)) {
      const { requestBody } = located.operation;
      if (requestBody !== undefined && 'content' in requestBody) {
        this.documented.set(keyOfOperation(located), Object.keys(requestBody.content));
      }
    }
  }

  readonly hook: preParsingHookHandler = (request, _reply, body, done) => {
    try {
      if (hasBody(request)) this.requireReadable(request);
      done(null, body);
    } catch (error) {
      done(error as Error);
    }
  };

  private requireReadable({ headers, method, routeOptions }: FastifyRequest): void {
    const { 'content-type': mediaType = UNKNOWN_MEDIA_TYPE, 'content-encoding': coding } = headers;
    const documented = this.documented.get(keyOfOperation({ method, path: routeOptions.url ?? '' })) ?? [];
    const isRead = JSON_MEDIA_TYPE.test(mediaType) || documented.includes(essenceOf(mediaType));
    if (!isRead) {
      const readable = [...new Set([...ALWAYS_READ, ...documented])].join(' ');
      throw new ServiceError(
        'UNSUPPORTED_MEDIA_TYPE',
        `unsupported media type "${mediaType}", only [${readable}] are allowed`,
      );
    }
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
