import { type FastifyRequest } from 'fastify';
import { type ResourceParameters, resourcePathOf } from './resource-path.decorator';

export interface WriteRequest {
  readonly Params: ResourceParameters;
  readonly Body: { readonly resources?: unknown; readonly resourceContent?: unknown } | null | undefined;
}

/** The files that a request writes, as they came: the body of a list, or the one file that the path names. */
export function writtenFiles({ params, body }: FastifyRequest<WriteRequest>): readonly unknown[] {
  if (Array.isArray(body?.resources)) {
    return body.resources as readonly unknown[];
  }
  return [{ resourceURI: resourcePathOf(params), resourceContent: body?.resourceContent }];
}
