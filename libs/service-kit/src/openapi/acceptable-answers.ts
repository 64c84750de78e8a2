import { LINE_STREAM, type RouteContract } from '@keptn/api-models';
import { type preHandlerHookHandler } from 'fastify';
import { acceptedMediaType } from '../http/accepted-media-type';
import { type Operation } from './operations';

/** What most clients send, or nothing (RFC 9110 section 12.5.1). */
const TAKES_EVERYTHING: ReadonlySet<string | undefined> = new Set([undefined, '*/*']);

/**
 * Refuses with 406 what asks for a form that the route has no answer in, before its handler begins (contract 3.0). Only routes
 * without a body do so, as in the original: what was sent is worth more than the form of the answer.
 */
export const refuseUnacceptableAnswer: preHandlerHookHandler = ({ headers, routeOptions }, _reply, done) => {
  const { contract } = routeOptions.config;
  if (contract === undefined || contract.body !== undefined || TAKES_EVERYTHING.has(headers.accept)) {
    done();
    return;
  }
  try {
    const offered = mediaTypesOf(contract);
    if (offered.length > 0) acceptedMediaType(headers, offered);
    done();
  } catch (error) {
    done(error as Error);
  }
};

function mediaTypesOf({ alsoAsLines, answers }: RouteContract): string[] {
  const offered = Object.entries(answers)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { body, mediaType }]) => [
      ...(body === undefined ? [] : ['application/json']),
      ...(mediaType === undefined ? [] : [mediaType]),
    ]);
  return alsoAsLines === true ? [...offered, LINE_STREAM] : offered;
}

/** Whether the caller has a say in the form of the answer, which the document then says. */
export const isNegotiated = ({ requestBody, responses }: Operation): boolean =>
  requestBody === undefined &&
  Object.entries(responses).some(
    ([status, answer]) =>
      status.startsWith('2') &&
      answer !== undefined &&
      'content' in answer &&
      Object.keys(answer.content ?? {}).length > 0,
  );
