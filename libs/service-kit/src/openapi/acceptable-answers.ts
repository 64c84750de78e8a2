import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { acceptedMediaType } from '../http/accepted-media-type';
import { allOperations, keyOfOperation, type OpenApiSource, type Operation } from './operations';

/** What most clients send, or nothing (RFC 9110 section 12.5.1). */
const TAKES_EVERYTHING: ReadonlySet<string | undefined> = new Set([undefined, '*/*']);

/**
 * Refuses with 406 what asks for a form that the operation has no answer in, before the operation begins (contract 3.0). Only
 * operations without a body do so, as in the original: what was sent is worth more than the form of the answer.
 *
 * @param documentOf names the forms
 */
export function refuseUnacceptableAnswers(app: NestFastifyApplication, documentOf: OpenApiSource): void {
  let mediaTypes: Map<string, string[]> | undefined;
  const server = app.getHttpAdapter().getInstance();
  server.addHook('preHandler', (request, _reply, done) => {
    const { method, headers, routeOptions } = request;
    if (TAKES_EVERYTHING.has(headers.accept)) {
      done();
      return;
    }
    mediaTypes ??= negotiatedMediaTypes(documentOf());
    const offered = mediaTypes.get(keyOfOperation({ method, path: routeOptions.url ?? '' }));
    try {
      if (offered !== undefined) {
        acceptedMediaType(headers, offered);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

const negotiatedMediaTypes = (document: OpenAPIObject): Map<string, string[]> =>
  new Map(
    allOperations(document)
      .filter(({ operation }) => isNegotiated(operation))
      .map((located) => [keyOfOperation(located), mediaTypesOf(located.operation)]),
  );

/** Whether the caller has a say in the form of the answer. */
export const isNegotiated = (operation: Operation): boolean =>
  operation.requestBody === undefined && mediaTypesOf(operation).length > 0;

const mediaTypesOf = ({ responses }: Operation): string[] =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, answer]) => (answer !== undefined && 'content' in answer ? Object.keys(answer.content ?? {}) : []));
