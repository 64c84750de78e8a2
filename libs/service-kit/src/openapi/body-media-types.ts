import { type FastifyRequest, type preParsingHookHandler } from 'fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { ServiceError } from '../errors/service-error';
import { JSON_MEDIA_TYPE } from '../http/fastify-adapter';
import { allOperations, keyOfOperation, type OpenApiSource } from './operations';

/** What every operation with a body reads (contract 3.0). */
const ALWAYS_READ = ['application/json', 'application/cloudevents+json'];

/** A body of which nothing is said (RFC 9110 section 8.3). */
const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

const UTF_8 = /^(?:utf-?8|us-ascii)$/i;

/** Name and value of the parameters of a media type (RFC 9110 section 5.6.6). */
const PARAMETER = /;\s*([^\s;=]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;

/** In which forms each operation reads its body; refuses any other before the body is read. */
export class BodyMediaTypes {
  private documentOf: OpenApiSource | undefined;
  private documented: Map<string, string[]> | undefined;

  /** @param documentOf names the forms besides JSON */
  learnFrom(documentOf: OpenApiSource): void {
    this.documentOf = documentOf;
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
    if (!JSON_MEDIA_TYPE.test(mediaType)) {
      this.requireDocumented(mediaType, keyOfOperation({ method, path: routeOptions.url ?? '' }));
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

  private requireDocumented(mediaType: string, operation: string): void {
    this.documented ??= bodyMediaTypesOf(this.documentOf?.());
    const documented = this.documented.get(operation) ?? [];
    if (!documented.includes(essenceOf(mediaType))) {
      const readable = [...new Set([...ALWAYS_READ, ...documented])].join(' ');
      throw new ServiceError(
        'UNSUPPORTED_MEDIA_TYPE',
        `unsupported media type "${mediaType}", only [${readable}] are allowed`,
      );
    }
  }
}

const bodyMediaTypesOf = (document: OpenAPIObject | undefined): Map<string, string[]> =>
  new Map(
    (document === undefined ? [] : allOperations(document)).flatMap((located) => {
      const { requestBody } = located.operation;
      return requestBody !== undefined && 'content' in requestBody
        ? [[keyOfOperation(located), Object.keys(requestBody.content)] as const]
        : [];
    }),
  );

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
